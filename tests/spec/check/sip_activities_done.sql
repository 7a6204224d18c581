speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_activities')
    group by municipality_code
),
event as (
    select s.unit_code, plus_days(t.due_on, 14) as day, 'principal=' || t.principal as split, 1 as denominator,
           case when t.completed_on <= plus_days(t.due_on, 14) then 1 else 0 end as numerator
    from sip_activities as t
    join sips as s on s.ended_by is null and s.municipality_code = t.municipality_code and s.sip_id = t.sip_id
    join speaks_for as a on a.municipality_code = t.municipality_code
    where t.ended_by is null and t.cancelled_on is null and plus_days(t.due_on, 14) <= a.day
)
