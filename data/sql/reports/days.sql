-- Every day of the year: how much was cancelled, and how much of what arrived was late.
select
  flight_date,
  count(*) as flights,
  count_if(cancelled) as cancelled,
  count_if(cancelled) / count(*) as cancelled_rate,
  count_if(late) / nullif(count(late), 0) as late_rate
from features.flights
group by flight_date
