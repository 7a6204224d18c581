speaks_for as (
    select municipality_code, max(day) as day from as_of
    where dataset in ('sips', 'sip_follow_ups', 'sip_participants', 'sip_activities')
    group by municipality_code
),
taken as (
    select a.municipality_code, case when c.last_day < a.day then c.last_day else a.day end as day
    from calendar as c join speaks_for as a on c.first_day <= a.day
),
-- active as in the prelude, but the stock's day is of all four datasets
plan as (
    select s.municipality_code, s.sip_id, s.unit_code, d.day
    from sips as s
    join taken as d on d.municipality_code = s.municipality_code
    where s.ended_by is null
      and s.consent <> 'declined' and s.met_on <= d.day
      and not coalesce(s.closed_on <= d.day, false)
      and not (s.consent = 'withdrawn' and coalesce(s.consent_on <= d.day, true))
      and coalesce(turns_18(s.birth_date) > d.day, true)
),
-- what happened to a plan, and what was agreed to happen
trace as (
    select municipality_code, sip_id, initiated_on as day, 0 as agreed, initiated_on as done from sips where ended_by is null
    union all select municipality_code, sip_id, consent_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, called_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, mapped_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, met_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, activity_followed_up_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, evaluated_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, followed_up_on, 0, null from sips where ended_by is null
    union all select municipality_code, sip_id, agreed_follow_up_on, 1, followed_up_on from sips where ended_by is null
    union all select municipality_code, sip_id, held_on, 0, null from sip_follow_ups where ended_by is null
    union all select municipality_code, sip_id, agreed_on, 1, held_on from sip_follow_ups where ended_by is null
    union all select municipality_code, sip_id, moved_to, 1, held_on from sip_follow_ups where ended_by is null
    union all select municipality_code, sip_id, met_on, 0, null from sip_participants where ended_by is null
    union all select municipality_code, sip_id, completed_on, 0, null from sip_activities where ended_by is null
    union all select municipality_code, sip_id, cancelled_on, 0, null from sip_activities where ended_by is null
    union all select municipality_code, sip_id, due_on, 1,
        case when completed_on < cancelled_on then completed_on else coalesce(cancelled_on, completed_on) end
    from sip_activities where ended_by is null
),
-- an agreed day lies ahead until it comes or is done, and has come only if it was not done before
alive as (
    select distinct p.municipality_code, p.sip_id, p.day
    from plan as p
    join trace as t on t.municipality_code = p.municipality_code and t.sip_id = p.sip_id
    where (t.day > plus_days(p.day, -180) and t.day <= p.day
           and not (t.agreed = 1 and coalesce(t.done < t.day, false)))
       or (t.agreed = 1 and t.day > p.day and not coalesce(t.done <= p.day, false))
),
event as (
    select p.unit_code, p.day, '' as split, 1 as denominator, case when v.sip_id is null then 1 else 0 end as numerator
    from plan as p
    left join alive as v on v.municipality_code = p.municipality_code and v.sip_id = p.sip_id and v.day = p.day
)
