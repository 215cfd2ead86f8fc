/*
description: >
  Scheduled flights with the age of the aircraft, where the register knows the tail number and the
  year in which it was built.
owner: demo
key: [time_hour, carrier, flight]
columns:
  age: {description: "Age of the aircraft in the year of the flight", unit: years}
  age_band: {description: "Age of the aircraft, in bands", unit: years}
*/
select
  flights.*,
  year(flight_date) - planes.year as age,
  case
    when age <= 5 then '0 to 5'
    when age <= 10 then '6 to 10'
    when age <= 15 then '11 to 15'
    when age <= 20 then '16 to 20'
    when age > 20 then 'over 20'
  end::enum('0 to 5', '6 to 10', '11 to 15', '16 to 20', 'over 20') as age_band
from features.flights
left join raw.planes on planes.tailnum = flights.tailnum
