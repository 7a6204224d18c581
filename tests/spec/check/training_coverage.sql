-- period: tertial
-- rows name no municipality: they are known up to the latest day for the unit's own, or for no one's
known as (
    select t.unit_code, first_of_month(t.month) as day, t.subject, t.staff, t.trained,
           case when s.level = 'board' then 'board_members' else 'staff' end as who
    from training as t
    join span as s on s.unit_code = t.unit_code and first_of_month(t.month) between s.valid_from and s.valid_to
    where t.ended_by is null
      and first_of_month(t.month) <= (select max(a.day) from as_of as a
                                      where a.dataset = 'training'
                                        and a.municipality_code in (coalesce(s.municipality_code, ''), ''))
),
-- how far the training has come, not how many were trained each month: only the tertial's latest row
event as (
    select k.unit_code, k.day, 'subject=' || k.subject || ';group=' || k.who as split,
           k.staff as denominator, k.trained as numerator
    from known as k
    where k.day = (select max(o.day) from known as o
                   where o.unit_code = k.unit_code and o.subject = k.subject and tertial_of(o.day) = tertial_of(k.day))
)
