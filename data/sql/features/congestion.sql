/*
description: >
  How busy an airport is by its timetable, which is known long before: departures that are
  scheduled in an hour, cancelled ones included, and in how many directions.
owner: demo
key: [origin, time_hour]
columns:
  origin: FAA code of the airport
  time_hour: {description: Hour of the scheduled departures, unit: UTC}
  departures: {description: Scheduled departures in the hour, unit: flights}
  destinations: {description: Different destinations of them, unit: airports}
  share_of_day: {description: "Share that these are of the airport's departures of the day (in UTC)", unit: share}
*/
with hours as (
  select origin, time_hour, count(*) as departures, count(distinct dest) as destinations
  from raw.flights
  group by all
)
select
  *,
  departures / sum(departures) over (partition by origin, cast(time_hour as date)) as share_of_day
from hours
