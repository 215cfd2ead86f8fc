with base_penguins as (
  select
    row_number() over (
      order by
        year, island, species, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex
    ) as penguin,
    *
  from penguins
),
samples_penguins as (
  select penguin, species, year
  from base_penguins as penguins
  where bill_length_mm is not null
),
features_penguins as (
  select penguin, island, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex
  from base_penguins as penguins
)
select
  samples_penguins.penguin,
  samples_penguins.species,
  samples_penguins.year,
  features_penguins.island,
  features_penguins.bill_length_mm,
  features_penguins.bill_depth_mm,
  features_penguins.flipper_length_mm,
  features_penguins.body_mass_g,
  features_penguins.sex
from samples_penguins as samples_penguins
left join features_penguins as features_penguins
  on features_penguins.penguin = samples_penguins.penguin
