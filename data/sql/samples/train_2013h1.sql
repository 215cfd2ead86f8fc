/*
description: "To train on: arrivals of January to June 2013, without every fifth day of a month."
owner: demo
key: [time_hour, carrier, flight]
available_at: scheduled_departure
target: late
*/
select * from samples.arrivals
where flight_date < date '2013-07-01' and extract(day from flight_date) % 5 <> 0
