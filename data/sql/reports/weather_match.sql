-- How far scheduled flights could be joined with the weather of their hour and airport, and which
-- winds the contract of the source has set aside.
select
  count(*) as flights,
  count(weather.time_hour) as matched,
  count(*) - count(weather.time_hour) as unmatched,
  (select max(wind_speed::double) from raw.weather__rejected) as highest_wind,
  (select max(wind_speed) from features.weather) as highest_wind_kept,
  (select count(*) from raw.weather__rejected where wind_speed::double > 150) as wind_faults
from features.flights
left join features.weather using (origin, time_hour)
