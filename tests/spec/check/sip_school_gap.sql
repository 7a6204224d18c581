-- whole
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_participants')
    group by municipality_code
),
meeting as (
    select municipality_code, sip_id, meeting_no, min(met_on) as day from sip_participants where ended_by is null
    group by municipality_code, sip_id, meeting_no
),
called as (
    select row_number() over (order by p.municipality_code, p.sip_id, p.meeting_no, p.actor) as id,
           s.unit_code, m.day, a.day as as_of_day, p.actor, case when p.attended then 1 else 0 end as came,
           case when coalesce(s.calling_actor, s.initiator_actor) in ('forskola', 'skola', 'elevhalsa')
                then 1 else 0 end as by_school
    from sip_participants as p
    join meeting as m
      on m.municipality_code = p.municipality_code and m.sip_id = p.sip_id and m.meeting_no = p.meeting_no
    join sips as s on s.ended_by is null and s.municipality_code = p.municipality_code and s.sip_id = p.sip_id
    join speaks_for as a on a.municipality_code = p.municipality_code
    where p.ended_by is null and p.actor not in ('barnet', 'vardnadshavare')
      and p.actor <> coalesce(s.calling_actor, s.initiator_actor) and m.day <= a.day
),
above as (
    select c.id, s.unit_code, s.parent_code, s.level
    from called as c
    join span as s on s.unit_code = c.unit_code and c.day between s.valid_from and s.valid_to
    union all
    select a.id, s.unit_code, s.parent_code, s.level
    from above as a
    join called as c on c.id = a.id
    join span as s on s.unit_code = a.parent_code and c.day between s.valid_from and s.valid_to
),
-- the twelve months that end with a tertial
year_back as (
    select distinct tertial_start(first_day) as tertial_day, plus_months(tertial_start(first_day), -8) as first_day,
           tertial_end(first_day) as last_day
    from calendar
),
by_actor as (
    select a.unit_code, tertial_of(y.tertial_day) as period, c.actor,
           sum(c.by_school) as called_a, sum(c.by_school * c.came) as came_a,
           sum(1 - c.by_school) as called_b, sum((1 - c.by_school) * c.came) as came_b
    from called as c
    join above as a on a.id = c.id
    join year_back as y on c.day between y.first_day and y.last_day and y.tertial_day <= c.as_of_day
    where depth_of(a.level) <= depth_of('board')
    group by a.unit_code, tertial_of(y.tertial_day), c.actor
)
select unit_code, period, '' as split, null as numerator, null as denominator,
       case when sum(called_a) < sum(called_b) then sum(called_a) else sum(called_b) end as cases,
       cast(sum(came_a) as double precision) / sum(called_a)
       - cast(sum(came_b) as double precision) / sum(called_b) as value
from by_actor
where called_a > 0 and called_b > 0
group by unit_code, period
