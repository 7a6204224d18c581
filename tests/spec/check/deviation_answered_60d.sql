event as (
    select v.unit_code, plus_days(v.reported_on, 60) as day, '' as split, 1 as denominator,
           case when v.feedback_on <= plus_days(v.reported_on, 60) then 1 else 0 end as numerator
    from deviations as v
    join as_of as a on a.dataset = 'deviations' and a.municipality_code = v.municipality_code
    where v.ended_by is null
      and v.counterpart_actor in ('socialtjanst', 'forskola', 'skola', 'elevhalsa', 'oppen_forskola')
      and plus_days(v.reported_on, 60) <= a.day
)
