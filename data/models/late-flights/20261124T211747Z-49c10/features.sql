with samples_arrivals as (
  select
    time_hour,
    carrier,
    flight,
    make_date(year, month, day) as flight_date,
    time_hour + minute * interval '1 minute' as scheduled_departure,
    origin,
    tailnum,
    arr_delay > 15 as late
  from flights
  where arr_delay is not null
),
samples_train_2013h1 as (
  select * from samples_arrivals as arrivals
  where flight_date < date '2013-07-01' and extract(day from flight_date) % 5 <> 0
),
features_schedule as (
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
  from flights
),
features_hourly_weather as (
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
  from weather
),
features_plane as (
  select tailnum, year as built, manufacturer, engines, engine, seats
  from planes
),
features_congestion as (
  with hours as (
    select origin, time_hour, count(*) as departures, count(distinct dest) as destinations
    from flights
    group by all
  )
  select
    *,
    departures / sum(departures) over (partition by origin, cast(time_hour as date)) as share_of_day
  from hours
)
select
  train_2013h1.time_hour,
  train_2013h1.carrier,
  train_2013h1.flight,
  train_2013h1.flight_date,
  train_2013h1.scheduled_departure,
  train_2013h1.origin,
  train_2013h1.tailnum,
  train_2013h1.late,
  schedule.month,
  schedule.weekday,
  schedule.hour,
  schedule.departure_minute,
  schedule.arrival_minute,
  schedule.dest,
  schedule.distance,
  hourly_weather.temp,
  hourly_weather.humid,
  hourly_weather.wind_dir,
  hourly_weather.wind_speed,
  hourly_weather.wind_gust,
  hourly_weather.precip,
  hourly_weather.pressure,
  hourly_weather.visib,
  plane.built,
  plane.manufacturer,
  plane.engines,
  plane.engine,
  plane.seats,
  congestion.departures,
  congestion.destinations,
  congestion.share_of_day
from samples_train_2013h1 as train_2013h1
left join features_schedule as schedule
  on schedule.time_hour = train_2013h1.time_hour
  and schedule.carrier = train_2013h1.carrier
  and schedule.flight = train_2013h1.flight
left join features_hourly_weather as hourly_weather
  on hourly_weather.origin = train_2013h1.origin
  and hourly_weather.time_hour = train_2013h1.time_hour
left join features_plane as plane
  on plane.tailnum = train_2013h1.tailnum
left join features_congestion as congestion
  on congestion.origin = train_2013h1.origin
  and congestion.time_hour = train_2013h1.time_hour
