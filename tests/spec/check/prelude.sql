-- What every check query stands on: units by day, and the latest day each dataset speaks for.
-- Functions that the two databases spell differently are given by the test: month_of, tertial_of, plus_days,
-- days_apart, month_end, turns_18.
with recursive
span as (
    select unit_code, parent_code, level, municipality_code, valid_from,
           case when next_from is not null and (valid_to is null or valid_to >= next_from)
                then plus_days(next_from, -1) else coalesce(valid_to, '9999-12-31') end as valid_to
    from (
        select unit_code, parent_code, level, municipality_code, valid_from, valid_to,
               lead(valid_from) over (partition by unit_code order by valid_from) as next_from
        from org_units where ended_by is null
    ) as spans
),
as_of as (
    select s.dataset, s.municipality_code, max(s.as_of) as day
    from delivery_scope as s join delivery as d on d.delivery_id = s.delivery_id
    where d.status in ('loaded', 'unchanged')
    group by s.dataset, s.municipality_code
),
