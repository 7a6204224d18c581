-- period: tertial
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_participants')
    group by municipality_code
),
meeting as (
    select municipality_code, sip_id, meeting_no, min(met_on) as day from sip_participants where ended_by is null
    group by municipality_code, sip_id, meeting_no
),
event as (
    select s.unit_code, m.day, '' as split, 1 as denominator, case when p.mandate then 1 else 0 end as numerator
    from sip_participants as p
    join meeting as m
      on m.municipality_code = p.municipality_code and m.sip_id = p.sip_id and m.meeting_no = p.meeting_no
    join sips as s on s.ended_by is null and s.municipality_code = p.municipality_code and s.sip_id = p.sip_id
    join speaks_for as a on a.municipality_code = p.municipality_code
    where p.ended_by is null and p.attended and p.actor not in ('barnet', 'vardnadshavare') and m.day <= a.day
)
