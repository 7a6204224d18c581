event as (
    select s.unit_code, s.met_on as day, '' as split, 1 as numerator, cast(null as int) as denominator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.met_on <= a.day and s.consent = 'unknown'
)
