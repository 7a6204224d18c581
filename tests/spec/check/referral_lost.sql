-- smallest: municipality
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('referrals', 'referral_counts')
    group by municipality_code
),
event as (
    select r.centre_code as unit_code, plus_days(r.referred_on, 60) as day, '' as split, 1 as denominator,
           case when r.first_contact_on <= plus_days(r.referred_on, 60) then 0 else 1 end as numerator
    from referrals as r join speaks_for as a on a.municipality_code = r.municipality_code
    where r.ended_by is null and coalesce(r.outcome, 'received') <> 'declined' and r.to_actor <> 'oppen_forskola'
      and plus_days(r.referred_on, 60) <= a.day
    union all
    select c.centre_code, first_of_month(c.month), '', c.referred, c.no_contact_60d
    from referral_counts as c join speaks_for as a on a.municipality_code = c.municipality_code
    where c.ended_by is null and c.no_contact_60d is not null and c.to_actor <> 'oppen_forskola'
      and plus_days(month_end(first_of_month(c.month)), 60) <= a.day
)
