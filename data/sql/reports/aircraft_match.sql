-- By carrier: how many scheduled flights have an aircraft that the register knows.
select
  flights.carrier,
  airlines.name as airline,
  count(*) as flights,
  count(planes.tailnum) as matched,
  count(*) - count(planes.tailnum) as unmatched,
  count(*) - count(planes.year) as without_age,
  (count(*) - count(planes.tailnum)) / count(*) as unmatched_rate
from features.flights
join raw.airlines using (carrier)
left join raw.planes using (tailnum)
group by all
