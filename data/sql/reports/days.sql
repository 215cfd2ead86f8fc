-- Every day of the year: how much was cancelled, and how much of what arrived was late.
select
  flight_date,
  count(*) as flights,
  count(*) filter (where cancelled) as cancelled,
  count(*) filter (where cancelled) / count(*) as cancelled_rate,
  count(*) filter (where late) / nullif(count(late), 0) as late_rate
from features.flights
group by flight_date
