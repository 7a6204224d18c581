last_day as (select max(day) as day from as_of where dataset = 'sips'),
month_end_day as (
    select month_end((select min(met_on) from sips)) as day
    union all
    select month_end(plus_days(m.day, 1)) from month_end_day as m, last_day as l where m.day < l.day
),
event as (
    select s.unit_code, d.day, '' as split, 1 as numerator, cast(null as int) as denominator
    from sips as s
    join as_of as a on a.dataset = 'sips' and a.municipality_code = s.municipality_code
    join (
        -- the stock is taken on the month's last day, on as-of in the month that is not over
        select a2.municipality_code, case when m.day < a2.day then m.day else a2.day end as day
        from month_end_day as m
        join as_of as a2 on a2.dataset = 'sips' and month_of(m.day) <= month_of(a2.day)
    ) as d on d.municipality_code = s.municipality_code
    where s.ended_by is null
      and s.consent <> 'declined' and s.met_on <= d.day
      and not coalesce(s.closed_on <= d.day, false)
      and not (s.consent = 'withdrawn' and coalesce(s.consent_on <= d.day, true))
      and coalesce(turns_18(s.birth_date) > d.day, true)
)
