event as (
    select p.unit_code, p.day, '' as split, 1 as denominator,
           case when p.consent = 'given' then 1 else 0 end as numerator
    from active_plan as p
)
