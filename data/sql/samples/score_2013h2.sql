/*
description: "To be scored month by month, as if it came in: arrivals of July to December 2013."
owner: demo
key: [time_hour, carrier, flight]
available_at: scheduled_departure
target: late
*/
select * from samples.arrivals
where flight_date >= date '2013-07-01'
