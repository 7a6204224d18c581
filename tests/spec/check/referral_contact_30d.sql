-- smallest: municipality
speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('referrals', 'referral_counts')
    group by municipality_code
),
event as (
    select r.centre_code as unit_code, plus_days(r.referred_on, 30) as day, '' as split, 1 as denominator,
           case when r.first_contact_on <= plus_days(r.referred_on, 30) then 1 else 0 end as numerator
    from referrals as r join speaks_for as a on a.municipality_code = r.municipality_code
    where r.ended_by is null and plus_days(r.referred_on, 30) <= a.day
    union all
    -- a count stays in its own month, and waits until the month's last referral has had its days
    select c.centre_code, first_of_month(c.month), '', c.referred, c.contact_within_30d
    from referral_counts as c join speaks_for as a on a.municipality_code = c.municipality_code
    where c.ended_by is null and c.contact_within_30d is not null
      and plus_days(month_end(first_of_month(c.month)), 30) <= a.day
)
