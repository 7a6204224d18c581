speaks_for as (
    select municipality_code, max(day) as day from as_of where dataset in ('referrals', 'referral_counts')
    group by municipality_code
),
event as (
    select r.centre_code as unit_code, r.referred_on as day,
           'from_actor=' || r.from_actor || ';to_actor=' || r.to_actor as split, 1 as numerator, cast(null as int) as denominator
    from referrals as r join speaks_for as a on a.municipality_code = r.municipality_code
    where r.ended_by is null and r.referred_on <= a.day
    union all
    select c.centre_code, first_of_month(c.month),
           'from_actor=' || c.from_actor || ';to_actor=' || c.to_actor, c.referred, cast(null as int)
    from referral_counts as c join speaks_for as a on a.municipality_code = c.municipality_code
    where c.ended_by is null and c.referred > 0 and first_of_month(c.month) <= a.day
)
