/*
description: >
  Hourly weather at the three airports. A wind that no instrument can have measured is set aside by
  the contract of the source, with its row.
key: [origin, time_hour]
available_at: time_hour
*/
select
  origin,
  time_hour,
  temp,
  wind_speed,
  precip,
  visib
from raw.weather
