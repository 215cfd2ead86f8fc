/*
description: "Every day of the year: how much was cancelled, and how much of what arrived was late."
owner: demo
key: flight_date
columns:
  flights: Scheduled flights
  cancelled: Cancelled flights
  cancelled_rate: "Share of scheduled flights that was cancelled, 0 to 1"
  late_rate: "Share of arrived flights that was late, 0 to 1; missing: none arrived"
*/
select
  flight_date,
  count(*) as flights,
  count(*) filter (where cancelled) as cancelled,
  count(*) filter (where cancelled) / count(*) as cancelled_rate,
  count(*) filter (where late) / nullif(count(late), 0) as late_rate
from features.flights
group by flight_date
