/*
description: All penguins that were measured, to tell their species.
owner: demo
key: penguin
target: species
columns:
  penguin: Number of the bird
  year: Year of the measurement
*/
select penguin, species, year
from base.penguins
where bill_length_mm is not null
