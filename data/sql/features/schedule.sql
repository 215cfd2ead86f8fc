/*
description: What the timetable says of a flight, which is known long before it leaves.
owner: demo
key: [time_hour, carrier, flight]
columns:
  time_hour: {description: "Scheduled departure, cut to the hour", unit: UTC}
  carrier: Two-letter code of the carrier
  flight: Flight number of the carrier
  month: "Month of the scheduled departure, 1 to 12"
  weekday: "Day of the week, 1 (Monday) to 7"
  hour: {description: Hour of the scheduled departure, unit: hours local time}
  departure_minute: {description: "Scheduled departure, counted from midnight", unit: minutes local time}
  arrival_minute: {description: "Scheduled arrival, on the clock of the destination", unit: minutes local time}
  dest: FAA code of the destination
  distance: {description: Distance between the two airports, unit: miles}
*/
select
  time_hour,
  carrier,
  flight,
  month,
  extract(isodow from make_date(year, month, day)) as weekday,
  hour,
  60 * hour + minute as departure_minute,
  60 * (sched_arr_time // 100) + sched_arr_time % 100 as arrival_minute,
  dest,
  distance
from raw.flights
