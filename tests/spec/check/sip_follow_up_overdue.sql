speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_follow_ups')
    group by municipality_code
),
taken as (
    select a.municipality_code, case when c.last_day < a.day then c.last_day else a.day end as day
    from calendar as c join speaks_for as a on c.first_day <= a.day
),
round_of_plan as (
    select municipality_code, sip_id, agreed_on, held_on from sip_follow_ups where ended_by is null
    union all
    select s.municipality_code, s.sip_id, s.agreed_follow_up_on, s.followed_up_on
    from sips as s
    left join sip_follow_ups as f
      on f.ended_by is null and f.municipality_code = s.municipality_code and f.sip_id = s.sip_id and f.follow_up_no = 1
    where s.ended_by is null and s.agreed_follow_up_on is not null and f.sip_id is null
),
event as (
    select s.unit_code, d.day, '' as split, 1 as numerator, cast(null as int) as denominator
    from round_of_plan as r
    join sips as s on s.ended_by is null and s.municipality_code = r.municipality_code and s.sip_id = r.sip_id
    join taken as d on d.municipality_code = r.municipality_code
    where plus_days(r.agreed_on, 30) < d.day
      and not coalesce(r.held_on <= d.day, false)
      and not coalesce(s.closed_on <= d.day, false)
)
