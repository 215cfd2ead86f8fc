-- Routes to the 25 destinations with most arrivals, as far as a route has 100 arrivals or more.
with destinations as (
  select dest, count(late) as dest_flights, count(*) filter (where late) / count(late) as dest_rate
  from features.flights
  group by dest
  order by dest_flights desc, dest
  limit 25
)
select
  origin,
  dest,
  concat_ws(' · ', dest, replace(airports.name, ' Intl', '')) as airport,
  count(late) as flights,
  count(*) filter (where late) / count(late) as rate,
  dest_flights,
  dest_rate
from features.flights
join destinations using (dest)
left join raw.airports on airports.faa = flights.dest
group by all
having count(late) >= 100
