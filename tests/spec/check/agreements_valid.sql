-- period: tertial
-- smallest: municipality
-- taken on the tertial's last day, on as-of in the tertial that is not over
taken as (
    select distinct a.municipality_code,
           case when tertial_end(c.first_day) < a.day then tertial_end(c.first_day) else a.day end as day
    from calendar as c join as_of as a on a.dataset = 'agreements' and tertial_start(c.first_day) <= a.day
),
event as (
    select m.unit_code, d.day, '' as split, 1 as denominator,
           case when coalesce(g.valid_to >= d.day, true) and g.signed_on <= d.day then 1 else 0 end as numerator
    from agreements as g
    join taken as d on d.municipality_code = g.municipality_code
    join span as m
      on m.level = 'municipality' and m.municipality_code = g.municipality_code
     and d.day between m.valid_from and m.valid_to
    where g.ended_by is null and g.kind = 'agreement' and g.valid_from <= d.day
)
