speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_participants')
    group by municipality_code
),
meeting as (
    select municipality_code, sip_id, meeting_no, min(met_on) as day,
           sum(case when actor not in ('barnet', 'vardnadshavare') then 1 else 0 end) as called,
           sum(case when actor not in ('barnet', 'vardnadshavare') and attended then 1 else 0 end) as came
    from sip_participants where ended_by is null
    group by municipality_code, sip_id, meeting_no
),
event as (
    select s.unit_code, m.day, '' as split, 1 as denominator, case when m.came = m.called then 1 else 0 end as numerator
    from meeting as m
    join sips as s on s.ended_by is null and s.municipality_code = m.municipality_code and s.sip_id = m.sip_id
    join speaks_for as a on a.municipality_code = m.municipality_code
    where m.called > 0 and m.day <= a.day
)
