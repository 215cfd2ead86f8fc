/*
description: What was measured of a penguin, and where. The sex of some is not known.
owner: demo
key: penguin
columns:
  penguin: Number of the bird
*/
select penguin, island, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex
from base.penguins
