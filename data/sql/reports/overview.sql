-- The whole year in one row: what was scheduled, what arrived, what came late.
select
  count(*) as flights,
  count(late) as flown,
  count(*) filter (where cancelled) as cancelled,
  count(*) - count(late) - count(*) filter (where cancelled) as unrecorded,
  count(*) filter (where late) as late,
  count(*) filter (where late) / count(late) as late_rate,
  count(*) filter (where cancelled) / count(*) as cancelled_rate,
  median(arr_delay) as median_delay,
  quantile_cont(arr_delay, 0.9) as delay_p90,
  count(distinct carrier) as carriers,
  count(distinct dest) as destinations,
  count(distinct tailnum) as aircraft,
  min(flight_date) as first_day,
  max(flight_date) as last_day
from features.flights
