-- Straight lines of bill depth on bill length: one for each species, and one for all together.
select
  coalesce(species, 'All species') as penguins,
  species is null as pooled,
  regr_count(bill_depth_mm, bill_length_mm) as n,
  corr(bill_depth_mm, bill_length_mm) as correlation,
  regr_slope(bill_depth_mm, bill_length_mm) as slope,
  regr_intercept(bill_depth_mm, bill_length_mm) as intercept,
  min(bill_length_mm) as shortest,
  max(bill_length_mm) as longest
from raw.penguins
group by grouping sets ((species), ())
