/*
description: >
  Flights that arrived on a route where another carrier flew on the same day in the same part of the
  day: same route, same day, same time, so the same weather and the same queue.
owner: demo
key: [time_hour, carrier, flight]
columns:
  excess: "1 or 0 for late or not, less the share of those rivals that was late"
*/
with cells as (
  select flight_date, day_part, origin, dest, carrier, count(*) as n, count(*) filter (where late) as late
  from features.flights
  where late is not null
  group by all
),
rivals as (
  select
    * exclude (n, late),
    sum(n) over cell - n as n,
    sum(late) over cell - late as late
  from cells
  window cell as (partition by flight_date, day_part, origin, dest)
)
select flights.*, cast(flights.late as integer) - rivals.late / rivals.n as excess
from features.flights
join rivals using (flight_date, day_part, origin, dest, carrier)
where rivals.n > 0 and flights.late is not null
