-- period: tertial
event as (
    select v.unit_code, v.reported_on as day, '' as split, 1 as denominator,
           case when exists (select 1 from deviations as e
                             where e.ended_by is null
                               and e.municipality_code = v.municipality_code and e.unit_code = v.unit_code
                               and e.category = v.category and e.counterpart_actor = v.counterpart_actor
                               and e.reported_on < v.reported_on and v.reported_on <= plus_months(e.reported_on, 6))
                then 1 else 0 end as numerator
    from deviations as v
    join as_of as a on a.dataset = 'deviations' and a.municipality_code = v.municipality_code
    where v.ended_by is null and v.reported_on <= a.day
)
