/*
description: >
  Scheduled flights with the weather of their hour at the airport of departure. Flights without a
  weather record are left out. Bands are ordered from calm to rough.
owner: demo
key: [time_hour, carrier, flight]
columns:
  wind: {description: "Wind speed, in bands", unit: miles per hour}
  visibility: {description: "Visibility, in bands", unit: miles}
  rain: {description: "Precipitation in the hour, in bands", unit: inches}
*/
select
  flights.*,
  case
    when wind_speed < 5 then 'under 5'
    when wind_speed < 10 then '5 to 9'
    when wind_speed < 15 then '10 to 14'
    when wind_speed < 20 then '15 to 19'
    when wind_speed < 25 then '20 to 24'
    when wind_speed >= 25 then '25 and more'
  end::enum('under 5', '5 to 9', '10 to 14', '15 to 19', '20 to 24', '25 and more') as wind,
  case
    when visib >= 10 then '10'
    when visib >= 6 then '6 to 9'
    when visib >= 3 then '3 to 5'
    when visib >= 1 then '1 to 2'
    when visib < 1 then 'under 1'
  end::enum('10', '6 to 9', '3 to 5', '1 to 2', 'under 1') as visibility,
  case
    when precip = 0 then 'dry'
    when precip < 0.05 then 'under 0.05'
    when precip < 0.1 then '0.05 to 0.09'
    when precip >= 0.1 then '0.1 and more'
  end::enum('dry', 'under 0.05', '0.05 to 0.09', '0.1 and more') as rain
from features.flights
join features.weather using (origin, time_hour)
