/*
description: >
  Pairs of departures of the same aircraft from New York on the same day: how late it left the first
  time, and whether it left late the next time. Only pairs are kept in which the aircraft was due out
  again at least three hours later, which leaves time for a trip out and back. A row is the second
  departure.
owner: demo
key: [time_hour, carrier, flight]
columns:
  delay_before: {description: Delay of the departure before, unit: minutes}
  hours: {description: Scheduled hours since the departure before, unit: hours}
  late_again: Whether it left more than 15 minutes late
  excess: >
    1 or 0 for late again or not, less the share that was late among the aircraft due out on the same
    day, in the same part of the day, whose first departure was on time
  before: {description: "Delay of the departure before, in bands", unit: minutes}
  hours_between: {description: "Scheduled hours since the departure before, in bands", unit: hours}
*/
with departures as (
  select
    *,
    lag(dep_delay) over trips as delay_before,
    hour - lag(hour) over trips as hours,
    dep_delay > 15 as late_again
  from features.flights
  where not cancelled and tailnum is not null
  window trips as (partition by tailnum, flight_date order by sched_dep_time, carrier, flight)
)
select
  *,
  cast(late_again as integer)
    - avg(cast(late_again as integer)) filter (where delay_before <= 0)
      over (partition by flight_date, day_part) as excess,
  case
    when delay_before <= 0 then 'on time'
    when delay_before <= 15 then '1 to 15'
    when delay_before <= 30 then '16 to 30'
    when delay_before <= 60 then '31 to 60'
    when delay_before <= 120 then '61 to 120'
    else 'over 120'
  end::enum('on time', '1 to 15', '16 to 30', '31 to 60', '61 to 120', 'over 120') as before,
  case
    when hours <= 4 then '3 to 4'
    when hours <= 6 then '5 to 6'
    when hours <= 8 then '7 to 8'
    else '9 and more'
  end::enum('3 to 4', '5 to 6', '7 to 8', '9 and more') as hours_between
from departures
where hours >= 3
