/*
description: "Held out, to compare models on: every fifth day of a month, January to June 2013."
owner: demo
key: [time_hour, carrier, flight]
available_at: scheduled_departure
target: late
columns:
  time_hour: {description: "Scheduled departure, cut to the hour", unit: UTC}
  carrier: Two-letter code of the carrier
  flight: Flight number of the carrier
  flight_date: {description: Day of the scheduled departure, unit: local date}
  scheduled_departure: {description: Scheduled departure, unit: UTC}
  origin: FAA code of the airport of departure
  tailnum: "Tail number of the plane; missing where it was not recorded"
  late: Whether the flight arrived more than 15 minutes late
*/
select * from samples.arrivals
where flight_date < date '2013-07-01' and extract(day from flight_date) % 5 = 0
