-- period: tertial
event as (
    select v.unit_code, v.closed_on as day, '' as split, 1 as denominator,
           case when v.level = 'managers' then 1 else 0 end as numerator
    from deviations as v
    join as_of as a on a.dataset = 'deviations' and a.municipality_code = v.municipality_code
    where v.ended_by is null and v.closed_on <= a.day
)
