/*
description: >
  Flights that arrived, against the flights that left on time (at most five minutes late) on the
  same route on the same day: how many minutes more were gained between gate and gate, and how many
  minutes longer or shorter the flight was in the air.
owner: demo
key: [time_hour, carrier, flight]
columns:
  gained: {description: "Delay that was gone at arrival; negative: more was added", unit: minutes}
  punctual: Whether it left at most five minutes late
  usual_gain: {description: Mean gain of the flights that left on time on this route and day, unit: minutes}
  usual_air_time: {description: Mean time in the air of those flights, unit: minutes}
  extra_gain: {description: Gain beyond the usual one, unit: minutes}
  extra_air_time: {description: "Time in the air beyond the usual one; negative: shorter", unit: minutes}
  left_late: {description: "Departure delay, in bands", unit: minutes}
  miles: {description: "Distance, in bands", unit: miles}
*/
with flights as (
  select *, dep_delay - arr_delay as gained, dep_delay <= 5 as punctual
  from features.flights
  where air_time is not null and arr_delay is not null
),
compared as (
  select
    *,
    avg(gained) filter (where punctual) over same as usual_gain,
    avg(air_time) filter (where punctual) over same as usual_air_time
  from flights
  window same as (partition by origin, dest, flight_date)
)
select
  *,
  gained - usual_gain as extra_gain,
  air_time - usual_air_time as extra_air_time,
  case
    when dep_delay <= 5 then 'up to 5'
    when dep_delay <= 15 then '6 to 15'
    when dep_delay <= 30 then '16 to 30'
    when dep_delay <= 60 then '31 to 60'
    when dep_delay <= 120 then '61 to 120'
    else 'over 120'
  end::enum('up to 5', '6 to 15', '16 to 30', '31 to 60', '61 to 120', 'over 120') as left_late,
  case
    when distance < 500 then 'under 500'
    when distance < 1000 then '500 to 999'
    when distance < 2000 then '1,000 to 1,999'
    else '2,000 and more'
  end::enum('under 500', '500 to 999', '1,000 to 1,999', '2,000 and more') as miles
from compared
where usual_gain is not null
