speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_participants')
    group by municipality_code
),
event as (
    select s.unit_code,
           (select min(o.met_on) from sip_participants as o
            where o.ended_by is null and o.municipality_code = p.municipality_code and o.sip_id = p.sip_id
              and o.meeting_no = p.meeting_no) as day,
           'actor=' || p.actor as split, 1 as denominator, case when p.absence = 'unannounced' then 1 else 0 end as numerator
    from sip_participants as p
    join sips as s on s.ended_by is null and s.municipality_code = p.municipality_code and s.sip_id = p.sip_id
    join speaks_for as a on a.municipality_code = p.municipality_code
    where p.ended_by is null and not p.attended and p.actor not in ('barnet', 'vardnadshavare')
      and (select min(o.met_on) from sip_participants as o
           where o.ended_by is null and o.municipality_code = p.municipality_code and o.sip_id = p.sip_id
             and o.meeting_no = p.meeting_no) <= a.day
)
