-- period: year
-- smallest: board
event as (
    select s.unit_code, coalesce(s.evaluated_on, s.closed_on) as day, '' as split, 1 as denominator,
           case when s.goal_attainment in ('full', 'partial') then 1 else 0 end as numerator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.goal_attainment in ('full', 'partial', 'none')
      and coalesce(s.evaluated_on, s.closed_on) <= a.day
)
