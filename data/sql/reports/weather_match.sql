-- How far scheduled flights could be joined with the weather of their hour and airport.
select
  count(*) as flights,
  count(weather.time_hour) as matched,
  count(*) - count(weather.time_hour) as unmatched,
  (select max(wind_speed) from raw.weather) as highest_wind,
  (select max(wind_speed) from features.weather) as highest_wind_kept,
  (select count(wind_speed) from raw.weather)
    - (select count(wind_speed) from features.weather) as wind_faults
from features.flights
left join features.weather using (origin, time_hour)
