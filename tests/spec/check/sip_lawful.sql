-- period: tertial
event as (
    select r.unit_code, r.reviewed_on as day, '' as split, 1 as denominator,
           case when r.needs_stated and r.responsibilities_stated and r.other_measures_stated
                 and r.lead_principal_stated then 1 else 0 end as numerator
    from sip_reviews as r
    join as_of as a on a.dataset = 'sip_reviews' and a.municipality_code = r.municipality_code
    where r.ended_by is null and r.reviewed_on <= a.day
)
