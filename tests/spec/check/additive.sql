,
numbered as (select event.*, row_number() over (order by unit_code, day, split) as id from event),
above as (
    select n.id, s.unit_code, s.parent_code, s.level
    from numbered as n
    join span as s on s.unit_code = n.unit_code and n.day between s.valid_from and s.valid_to
    union all
    select a.id, s.unit_code, s.parent_code, s.level
    from above as a
    join numbered as n on n.id = a.id
    join span as s on s.unit_code = a.parent_code and n.day between s.valid_from and s.valid_to
)
-- a share is of its denominator; a count has none
select a.unit_code, month_of(n.day) as period, n.split,
       sum(n.numerator) as numerator, sum(n.denominator) as denominator,
       coalesce(sum(n.denominator), sum(n.numerator)) as cases,
       cast(sum(n.numerator) as double precision) / coalesce(sum(n.denominator), 1) as value
from above as a join numbered as n on n.id = a.id
where depth_of(a.level) <= depth_of('unit')
group by a.unit_code, month_of(n.day), n.split
having sum(n.denominator) is null or sum(n.denominator) > 0
