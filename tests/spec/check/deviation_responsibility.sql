-- period: tertial
-- smallest: board
event as (
    select v.unit_code, v.reported_on as day, '' as split, 1 as numerator, cast(null as int) as denominator
    from deviations as v
    join as_of as a on a.dataset = 'deviations' and a.municipality_code = v.municipality_code
    where v.ended_by is null and v.category in ('oklart_ansvar', 'finansieringstvist') and v.reported_on <= a.day
)
