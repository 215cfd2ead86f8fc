/*
description: >
  One row a scheduled flight: when, where, by whom, and what became of it. A flight without a
  departure time was cancelled; one that left but has no arrival delay was diverted, or its arrival
  was not recorded.
owner: demo
key: [time_hour, carrier, flight]
columns:
  flight_date: Day of the scheduled departure
  quarter: "Quarter of the scheduled departure, 1 to 4"
  month: Month of the scheduled departure, by name
  weekday: Day of the week of the scheduled departure, by name
  day_part: {description: Part of the day of the scheduled departure, unit: hours local time}
  cancelled: Whether the flight has no departure time
  late: "Whether it arrived more than 15 minutes after the schedule; missing: it did not arrive"
*/
select
  make_date(year, month, day) as flight_date,
  quarter(flight_date) as quarter,
  monthname(flight_date)::enum(
    'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
    'October', 'November', 'December'
  ) as month,
  dayname(flight_date)::enum(
    'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'
  ) as weekday,
  hour,
  case
    when hour < 9 then 'before 9'
    when hour < 12 then '9 to 11'
    when hour < 15 then '12 to 14'
    when hour < 18 then '15 to 17'
    else '18 and after'
  end::enum('before 9', '9 to 11', '12 to 14', '15 to 17', '18 and after') as day_part,
  sched_dep_time,
  time_hour,
  carrier,
  flight,
  tailnum,
  origin,
  dest,
  distance,
  dep_delay,
  arr_delay,
  air_time,
  dep_time is null as cancelled,
  arr_delay > 15 as late
from raw.flights
