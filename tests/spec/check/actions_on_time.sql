-- smallest: board
event as (
    select t.unit_code, t.due_on as day, '' as split, 1 as denominator,
           case when t.done_on <= t.due_on then 1 else 0 end as numerator
    from actions as t
    join as_of as a on a.dataset = 'actions' and a.municipality_code = t.municipality_code
    -- the whole day is left to it; what fell away in time was never late
    where t.ended_by is null and plus_days(t.due_on, 1) <= a.day
      and (t.cancelled_on is null or t.cancelled_on > t.due_on)
)
