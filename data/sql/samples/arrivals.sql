/*
description: >
  Flights that arrived, with whether they were late: more than 15 minutes after the scheduled
  arrival. What is to be known of them is what was known at their scheduled departure. All samples
  of flights are parts of this one.
owner: demo
key: [time_hour, carrier, flight]
available_at: scheduled_departure
target: late
columns:
  time_hour: {description: "Scheduled departure, cut to the hour", unit: UTC}
  carrier: Two-letter code of the carrier
  flight: "Flight number of the carrier; no carrier gives one number twice in an hour"
  flight_date: {description: "Day of the scheduled departure", unit: local date}
  scheduled_departure: {description: Scheduled departure, unit: UTC}
  origin: FAA code of the airport of departure
  tailnum: "Tail number of the plane; missing where it was not recorded"
  late: Whether the flight arrived more than 15 minutes late
*/
select
  time_hour,
  carrier,
  flight,
  make_date(year, month, day) as flight_date,
  time_hour + minute * interval '1 minute' as scheduled_departure,
  origin,
  tailnum,
  arr_delay > 15 as late
from raw.flights
where arr_delay is not null
