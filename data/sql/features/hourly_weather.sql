/*
description: >
  Weather at the airport of departure in the hour before the one of the departure. The record of an
  hour is complete when the hour is over, so the weather of the departure's own hour is not known
  when a flight is due to leave; the row of 9 o'clock is therefore what was measured from 8 to 9.
owner: demo
key: [origin, time_hour]
available_at: time_hour
columns:
  origin: FAA code of the airport
  time_hour: {description: "Hour of departures for which this is the last weather known; it is measured until then", unit: UTC}
  temp: {description: Air temperature, unit: degrees Fahrenheit}
  humid: {description: Relative humidity, unit: percent}
  wind_dir: {description: "Direction that the wind comes from; 0: calm", unit: degrees}
  wind_speed: {description: Wind speed, unit: miles per hour}
  wind_gust: {description: "Speed of gusts; missing: no gusts", unit: miles per hour}
  precip: {description: Precipitation in the hour, unit: inches}
  pressure: {description: Air pressure at sea level, unit: millibars}
  visib: {description: "Visibility, 10 at most", unit: miles}
*/
select
  origin,
  time_hour + interval '1 hour' as time_hour,
  temp,
  humid,
  wind_dir,
  wind_speed,
  wind_gust,
  precip,
  pressure,
  visib
from raw.weather
