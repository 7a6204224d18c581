-- smallest: board
event as (
    select t.unit_code, t.planned_on as day, '' as split, 1 as denominator,
           case when t.delivered_on <= t.planned_on then 1 else 0 end as numerator
    from board_reports as t
    join as_of as a on a.dataset = 'board_reports' and a.municipality_code = t.municipality_code
    -- the whole day is left to it; what fell away in time was never late
    where t.ended_by is null and plus_days(t.planned_on, 1) <= a.day
      and (t.cancelled_on is null or t.cancelled_on > t.planned_on)
)
