/*
description: Carriers by the name that people use, without the legal form.
owner: demo
key: carrier
columns:
  airline: Name of the carrier, as people say it
*/
select carrier, regexp_replace(name, ' (Inc\.|Co\.|Corporation)$', '') as airline
from raw.airlines
