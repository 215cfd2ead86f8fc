-- Carriers by the name that people use, without the legal form.
select carrier, regexp_replace(name, ' (Inc\.|Co\.|Corporation)$', '') as airline
from raw.airlines
