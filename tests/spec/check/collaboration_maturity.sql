-- whole
-- where it was given, and nowhere above
known as (
    select t.unit_code, tertial_of(t.period_begins_on) as period, 'assessor=' || t.assessor as split,
           t.period_begins_on as day, t.grade
    from assessments as t
    join as_of as a on a.dataset = 'assessments' and a.municipality_code = t.municipality_code
    join span as s on s.unit_code = t.unit_code and t.period_begins_on between s.valid_from and s.valid_to
    where t.ended_by is null and t.about = 'maturity' and t.period_begins_on <= a.day
      and depth_of(s.level) >= depth_of('board')
)
select k.unit_code, k.period, k.split, null as numerator, cast(null as int) as denominator, count(*) as cases,
       min(k.grade) as value
from known as k
where k.day = (select max(o.day) from known as o
               where o.unit_code = k.unit_code and o.period = k.period and o.split = k.split)
group by k.unit_code, k.period, k.split
