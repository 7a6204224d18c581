-- period: tertial
event as (
    select s.unit_code, s.initiated_on as day, '' as split, 1 as denominator,
           case when s.consent = 'declined' then 1 else 0 end as numerator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.consent in ('given', 'declined', 'withdrawn') and s.initiated_on <= a.day
)
