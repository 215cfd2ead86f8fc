-- By carrier: how many scheduled flights have an aircraft that the register knows.
select
  flights.carrier,
  airline,
  count(*) as flights,
  count(planes.tailnum) as matched,
  count(*) - count(planes.tailnum) as unmatched,
  count(*) - count(planes.year) as without_age,
  (count(*) - count(planes.tailnum)) / count(*) as unmatched_rate
from features.flights
join features.carriers using (carrier)
left join raw.planes using (tailnum)
group by all
