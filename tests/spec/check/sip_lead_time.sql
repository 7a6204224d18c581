-- whole
event as (
    select s.unit_code, s.met_on as day, days_apart(s.initiated_on, s.met_on) as days, s.sip_id as split
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.met_on <= a.day
),
numbered as (select event.*, row_number() over (order by unit_code, day, split) as id from event),
above as (
    select n.id, s.unit_code, s.parent_code
    from numbered as n
    join span as s on s.unit_code = n.unit_code and n.day between s.valid_from and s.valid_to
    union all
    select a.id, s.unit_code, s.parent_code
    from above as a
    join numbered as n on n.id = a.id
    join span as s on s.unit_code = a.parent_code and n.day between s.valid_from and s.valid_to
),
ranked as (
    select a.unit_code, month_of(n.day) as period, n.days,
           row_number() over (partition by a.unit_code, month_of(n.day) order by n.days) as place,
           count(*) over (partition by a.unit_code, month_of(n.day)) as cases
    from above as a join numbered as n on n.id = a.id
)
-- the middle one, or the mean of the two in the middle
select unit_code, period, '' as split, null as numerator, cast(null as int) as denominator, max(cases) as cases,
       1.0 * sum(days) / count(*) as value
from ranked
where place in ((cases + 1) / 2, (cases + 2) / 2)
group by unit_code, period
