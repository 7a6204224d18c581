-- period: tertial
-- smallest: board
known as (
    select t.action_no, t.unit_code, t.assessed_on as day, t.effect,
           exists (select 1 from span as s
                   where s.unit_code = t.unit_code and t.assessed_on between s.valid_from and s.valid_to) as has_place
    from action_effects as t
    join as_of as a on a.dataset = 'action_effects' and a.municipality_code = t.municipality_code
    where t.ended_by is null and t.assessed_on <= a.day
),
-- the tertial's latest judgement of an action is the one that counts
event as (
    select k.unit_code, k.day, '' as split, 1 as denominator,
           case when k.effect in ('yes', 'partly') then 1 else 0 end as numerator
    from known as k
    where k.effect <> 'too_early' and k.has_place
      and k.day = (select max(o.day) from known as o
                   where o.action_no = k.action_no and o.has_place and tertial_of(o.day) = tertial_of(k.day))
)
