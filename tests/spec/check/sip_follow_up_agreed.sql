speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('sips', 'sip_follow_ups')
    group by municipality_code
),
event as (
    select s.unit_code, s.met_on as day, '' as split, 1 as denominator,
           case when s.agreed_follow_up_on is not null
                  or exists (select 1 from sip_follow_ups as f
                             where f.ended_by is null and f.municipality_code = s.municipality_code
                               and f.sip_id = s.sip_id)
                then 1 else 0 end as numerator
    from sips as s
    join speaks_for as a on a.municipality_code = s.municipality_code
    where s.ended_by is null and s.consent <> 'declined' and s.met_on <= a.day
)
