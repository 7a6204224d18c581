-- period: tertial
-- smallest: board
event as (
    select case when g.board_code <> '' then g.board_code
                else (select min(m.unit_code) from span as m
                    where m.level = 'municipality' and m.municipality_code = g.municipality_code
                      and g.planned_on between m.valid_from and m.valid_to) end as unit_code,
           g.planned_on as day, '' as split, 1 as denominator,
           case when g.held_on is not null then 1 else 0 end as numerator
    from meetings as g
    join as_of as a on a.dataset = 'meetings' and a.municipality_code = g.municipality_code
    where g.ended_by is null and g.forum = 'information' and g.planned_on <= a.day
)
