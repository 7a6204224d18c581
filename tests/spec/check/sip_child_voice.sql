event as (
    select s.unit_code, s.met_on as day, '' as split, 1 as denominator,
           case when s.child_voice in ('attended', 'statement', 'asked_declined', 'observed')
                then 1 else 0 end as numerator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.met_on <= a.day
)
