-- What every check query stands on: units by day, the latest day each dataset speaks for, and the stock of plans.
-- Functions that the two databases spell differently are given by the test: month_of, tertial_of, year_code, year_of,
-- plus_days, plus_months, days_apart, first_of_month, month_start, month_end, tertial_start, tertial_end, turns_18,
-- depth_of (of a level: a region has the least).
with recursive
span as (
    select unit_code, parent_code, level, municipality_code, valid_from,
           case when next_from is not null and (valid_to is null or valid_to >= next_from)
                then plus_days(next_from, -1) else coalesce(valid_to, '9999-12-31') end as valid_to
    from (
        select unit_code, parent_code, level, municipality_code, valid_from, valid_to,
               lead(valid_from) over (partition by unit_code order by valid_from) as next_from
        from org_units where ended_by is null
    ) as spans
),
as_of as (
    select s.dataset, s.municipality_code, max(s.as_of) as day
    from delivery_scope as s join delivery as d on d.delivery_id = s.delivery_id
    where d.status in ('loaded', 'unchanged')
    group by s.dataset, s.municipality_code
),
-- every month from the earliest day that a stock or a window may begin with to the latest as-of
calendar as (
    select month_start(min(day)) as first_day, month_end(min(day)) as last_day
    from (
        select min(initiated_on) as day from sips
        union all select min(met_on) from sips
        union all select min(agreed_follow_up_on) from sips
        union all select min(agreed_on) from sip_follow_ups
        union all select min(met_on) from sip_participants
        union all select min(reported_on) from deviations
        union all select min(valid_from) from agreements
    ) as earliest
    union all
    select plus_days(c.last_day, 1), month_end(plus_days(c.last_day, 1)) from calendar as c
    where c.last_day < (select max(day) from as_of)
),
-- a stock is taken on the month's last day, on as-of in the month that is not over
stock_day as (
    select a.dataset, a.municipality_code, case when c.last_day < a.day then c.last_day else a.day end as day
    from calendar as c join as_of as a on c.first_day <= a.day
),
active_plan as (
    select s.municipality_code, s.sip_id, s.unit_code, s.consent, s.coordinator_named, s.lead_principal, d.day
    from sips as s
    join stock_day as d on d.dataset = 'sips' and d.municipality_code = s.municipality_code
    where s.ended_by is null
      and s.consent <> 'declined' and s.met_on <= d.day
      and not coalesce(s.closed_on <= d.day, false)
      and not (s.consent = 'withdrawn' and coalesce(s.consent_on <= d.day, true))
      and coalesce(turns_18(s.birth_date) > d.day, true)
),
