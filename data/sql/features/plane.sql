/*
description: >
  What the register says of a plane. Of one flight in six the plane is not in it.
owner: demo
key: tailnum
columns:
  tailnum: Tail number
  built: Year of manufacture
  manufacturer: Manufacturer as registered
  engines: Number of engines
  engine: Type of engine
  seats: Number of seats
*/
select tailnum, year as built, manufacturer, engines, engine, seats
from raw.planes
