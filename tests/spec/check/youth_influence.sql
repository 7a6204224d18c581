-- whole
given as (
    select kpi_id, municipality_code, year, value from context_values
    where ended_by is null and sex = 'T' and value is not null and kpi_id in ('U33578')
)
select distinct u.unit_code, g.year * 100 as period, '' as split, null as numerator, null as denominator, 0 as cases,
       g.value
from given as g
join span as u on u.level = 'municipality' and u.municipality_code = g.municipality_code
