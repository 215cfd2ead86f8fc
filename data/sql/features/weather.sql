-- Hourly weather at the three airports. A wind above 150 mph is a fault of the instrument
-- (one row says 1048 mph), so that value is left out; the rest of the row stays.
select
  origin,
  time_hour,
  temp,
  case when wind_speed <= 150 then wind_speed end as wind_speed,
  precip,
  visib
from raw.weather
