-- Straight lines of bill depth on bill length: one for each species, and one for all together.
-- Rounded, since the last digits depend on the order in which threads add up.
select
  coalesce(species, 'All species') as penguins,
  species is null as pooled,
  regr_count(bill_depth_mm, bill_length_mm) as n,
  round(corr(bill_depth_mm, bill_length_mm), 9) as correlation,
  round(regr_slope(bill_depth_mm, bill_length_mm), 9) as slope,
  round(regr_intercept(bill_depth_mm, bill_length_mm), 9) as intercept,
  min(bill_length_mm) as shortest,
  max(bill_length_mm) as longest
from raw.penguins
group by grouping sets ((species), ())
