event as (
    select v.unit_code, d.day, '' as split, 1 as numerator, cast(null as int) as denominator
    from deviations as v
    join stock_day as d on d.dataset = 'deviations' and d.municipality_code = v.municipality_code
    where v.ended_by is null and plus_days(v.reported_on, 90) < d.day and not coalesce(v.closed_on <= d.day, false)
)
