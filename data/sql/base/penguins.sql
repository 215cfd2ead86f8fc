/*
description: >
  The penguins with a number each, since the data have no key. Equal birds may change places, and
  nobody can tell.
owner: demo
key: penguin
columns:
  penguin: Number of the bird in the order of all that is known of it
*/
select
  row_number() over (
    order by
      year, island, species, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex
  ) as penguin,
  *
from raw.penguins
