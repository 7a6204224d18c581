-- whole
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'population')
    group by municipality_code
),
begun as (select municipality_code, min(initiated_on) as day from sips where ended_by is null group by municipality_code),
established as (
    select s.sip_id, s.municipality_code, s.unit_code, s.met_on as day
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.met_on <= a.day and s.consent <> 'declined'
),
plan_above as (
    select e.sip_id, e.municipality_code, e.day, s.unit_code, s.parent_code, s.level
    from established as e
    join span as s on s.unit_code = e.unit_code and e.day between s.valid_from and s.valid_to
    union all
    select p.sip_id, p.municipality_code, p.day, s.unit_code, s.parent_code, s.level
    from plan_above as p
    join span as s on s.unit_code = p.parent_code and p.day between s.valid_from and s.valid_to
),
tertial_end_day as (
    select tertial_end((select min(day) from begun)) as day
    union all
    select tertial_end(plus_days(t.day, 1)) from tertial_end_day as t
    where t.day < (select max(day) from speaks_for)
),
year_of_children as (
    select municipality_code, year, sum(children) as children from population where ended_by is null
    group by municipality_code, year
    having count(*) = 18 or min(age) = '0-17' -- some ages of a year are no year
),
-- a municipality's children in every tertial that deliveries hold wholly, or that has a plan
divided as (
    select u.unit_code, u.parent_code, tertial_of(t.day) as period,
           case when t.day < a.day then t.day else a.day end as day,
           coalesce(
               (select y.children from year_of_children as y
                where y.municipality_code = u.municipality_code and y.year <= year_of(t.day)
                order by y.year desc limit 1),
               (select y.children from year_of_children as y
                where y.municipality_code = u.municipality_code order by y.year limit 1)
           ) as children
    from tertial_end_day as t
    join begun as b on tertial_of(b.day) <= tertial_of(t.day)
    join speaks_for as a on a.municipality_code = b.municipality_code and tertial_of(t.day) <= tertial_of(a.day)
    join span as u on u.level = 'municipality' and u.municipality_code = b.municipality_code
     and case when t.day < a.day then t.day else a.day end between u.valid_from and u.valid_to
    where exists (select 1 from plan_above as p where p.unit_code = u.unit_code and tertial_of(p.day) = tertial_of(t.day))
       or month_of(b.day) <= month_of(tertial_start(t.day))
),
children_above as (
    select unit_code, parent_code, period, day, children from divided where children > 0
    union all
    select s.unit_code, s.parent_code, c.period, c.day, c.children
    from children_above as c
    join span as s on s.unit_code = c.parent_code and c.day between s.valid_from and s.valid_to
),
-- a plan counts where its municipality has children to divide by, or in a region's own unit
counted as (
    select p.unit_code, tertial_of(p.day) as period, p.sip_id
    from plan_above as p
    left join plan_above as m
      on m.municipality_code = p.municipality_code and m.sip_id = p.sip_id and m.level = 'municipality'
    where m.unit_code is null
       or exists (select 1 from divided as d
                  where d.unit_code = m.unit_code and d.period = tertial_of(p.day) and d.children > 0)
),
summed as (
    select c.unit_code, c.period, sum(c.children) as children,
           (select count(*) from counted as n where n.unit_code = c.unit_code and n.period = c.period) as plans
    from children_above as c
    group by c.unit_code, c.period
)
select unit_code, period, '' as split, plans as numerator, children as denominator, plans as cases,
       cast(plans as double precision) * 1000 / children as value
from summed
