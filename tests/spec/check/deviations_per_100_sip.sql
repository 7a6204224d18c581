-- whole
begun as (
    select 'sips' as dataset, municipality_code, min(initiated_on) as day from sips where ended_by is null
    group by municipality_code
    union all
    select 'deviations', municipality_code, min(reported_on) from deviations where ended_by is null
    group by municipality_code
),
-- a figure of two datasets has one as-of: the latest of both
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'deviations')
    group by municipality_code
),
covered as (
    select b.dataset, a.municipality_code, month_of(b.day) as first_month, month_of(a.day) as last_month
    from begun as b join speaks_for as a on a.municipality_code = b.municipality_code
),
counted as (
    select 'plan' as what, s.unit_code, d.day, 'deviations' as must_cover
    from sips as s
    join (
        select a.municipality_code, case when c.last_day < a.day then c.last_day else a.day end as day
        from calendar as c join speaks_for as a on c.first_day <= a.day
    ) as d on d.municipality_code = s.municipality_code
    where s.ended_by is null
      and s.consent <> 'declined' and s.met_on <= d.day
      and not coalesce(s.closed_on <= d.day, false)
      and not (s.consent = 'withdrawn' and coalesce(s.consent_on <= d.day, true))
      and coalesce(turns_18(s.birth_date) > d.day, true)
    union all
    select 'deviation', v.unit_code, v.reported_on, 'sips'
    from deviations as v
    join speaks_for as a on a.municipality_code = v.municipality_code
    where v.ended_by is null and v.reported_on <= a.day
),
numbered as (select counted.*, row_number() over (order by what, unit_code, day) as id from counted),
above as (
    select n.id, s.unit_code, s.parent_code, s.level, s.municipality_code
    from numbered as n
    join span as s on s.unit_code = n.unit_code and n.day between s.valid_from and s.valid_to
    union all
    select a.id, s.unit_code, s.parent_code, s.level, s.municipality_code
    from above as a
    join numbered as n on n.id = a.id
    join span as s on s.unit_code = a.parent_code and n.day between s.valid_from and s.valid_to
),
-- in no municipality, or in one whose other half is delivered for the month
comparable as (
    select n.id, n.what, month_of(n.day) as period
    from numbered as n
    left join above as m on m.id = n.id and m.level = 'municipality'
    left join covered as c
      on c.dataset = n.must_cover and c.municipality_code = m.municipality_code
     and month_of(n.day) between c.first_month and c.last_month
    where m.id is null or c.dataset is not null
),
summed as (
    select a.unit_code, c.period, sum(case when c.what = 'deviation' then 1 else 0 end) as numerator,
           sum(case when c.what = 'plan' then 1 else 0 end) as denominator
    from comparable as c join above as a on a.id = c.id
    group by a.unit_code, c.period
)
select unit_code, period, '' as split, numerator, denominator, numerator as cases,
       cast(numerator as double precision) * 100 / denominator as value
from summed
where denominator > 0
