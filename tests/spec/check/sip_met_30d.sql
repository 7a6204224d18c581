event as (
    select s.unit_code, plus_days(s.initiated_on, 30) as day, '' as split, 1 as denominator,
           case when s.met_on <= plus_days(s.initiated_on, 30) then 1 else 0 end as numerator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.consent <> 'declined' and plus_days(s.initiated_on, 30) <= a.day
)
