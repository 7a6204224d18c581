-- period: tertial
-- smallest: board
begun as (
    select municipality_code, min(reported_on) as day from deviations where ended_by is null group by municipality_code
),
-- a municipality's tertials whose twelve months its deviations hold from the first; units are looked at on the last
-- day, on as-of in the tertial that is not over
year_back as (
    select distinct b.municipality_code, plus_months(tertial_start(c.first_day), -8) as first_day,
           case when tertial_end(c.first_day) < a.day then tertial_end(c.first_day) else a.day end as day
    from calendar as c
    join as_of as a on a.dataset = 'deviations' and tertial_start(c.first_day) <= a.day
    join begun as b
      on b.municipality_code = a.municipality_code
     and month_of(b.day) <= month_of(plus_months(tertial_start(c.first_day), -8))
),
-- what lies under the municipality's unit on that day, from the top
below as (
    select y.municipality_code, y.first_day, y.day, s.unit_code, s.level
    from year_back as y
    join span as s
      on s.level = 'municipality' and s.municipality_code = y.municipality_code
     and y.day between s.valid_from and s.valid_to
    union all
    select b.municipality_code, b.first_day, b.day, s.unit_code, s.level
    from below as b
    join span as s on s.parent_code = b.unit_code and b.day between s.valid_from and s.valid_to
),
event as (
    select b.unit_code, b.day, '' as split, 1 as denominator,
           -- a deviation counts where its unit is known on the day, as everywhere
           case when exists (select 1 from deviations as v
                             join span as u on u.unit_code = v.unit_code
                              and v.reported_on between u.valid_from and u.valid_to
                             where v.ended_by is null and v.unit_code = b.unit_code
                               and v.reported_on between b.first_day and b.day)
                then 0 else 1 end as numerator
    from below as b
    where b.level = 'unit'
)
