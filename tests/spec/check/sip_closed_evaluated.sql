-- period: tertial
event as (
    select s.unit_code, s.closed_on as day, '' as split, 1 as denominator,
           case when s.evaluated_on is not null then 1 else 0 end as numerator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    where s.ended_by is null and s.closed_on <= a.day
      and coalesce(s.closed_reason, 'other') not in ('consent_withdrawn', 'moved')
)
