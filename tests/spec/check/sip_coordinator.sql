event as (
    select p.unit_code, p.day, '' as split, 1 as denominator,
           case when p.coordinator_named and p.lead_principal is not null then 1 else 0 end as numerator
    from active_plan as p
)
