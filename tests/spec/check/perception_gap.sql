-- whole
answered as (
    select row_number() over (order by v.municipality_code, v.board_code, v.answered_on) as id,
           case when v.board_code <> '' then v.board_code
                else (select min(m.unit_code) from span as m
                    where m.level = 'municipality' and m.municipality_code = v.municipality_code
                      and v.answered_on between m.valid_from and m.valid_to) end as unit_code,
           v.answered_on as day, v.respondents, v.answers,
           case when v.answer = 'large' then v.answers else 0 end as large
    from survey_answers as v
    join as_of as a on a.dataset = 'survey_answers' and a.municipality_code = v.municipality_code
    where v.ended_by is null and v.question = 'follow_up_happens' and v.respondents in ('board_members', 'staff')
      and v.answered_on <= a.day
),
above as (
    select n.id, s.unit_code, s.parent_code, s.level
    from answered as n
    join span as s on s.unit_code = n.unit_code and n.day between s.valid_from and s.valid_to
    union all
    select a.id, s.unit_code, s.parent_code, s.level
    from above as a
    join answered as n on n.id = a.id
    join span as s on s.unit_code = a.parent_code and n.day between s.valid_from and s.valid_to
),
summed as (
    select a.unit_code, year_code(n.day) as period,
           sum(case when n.respondents = 'board_members' then n.answers else 0 end) as of_board,
           sum(case when n.respondents = 'board_members' then n.large else 0 end) as large_board,
           sum(case when n.respondents = 'staff' then n.answers else 0 end) as of_staff,
           sum(case when n.respondents = 'staff' then n.large else 0 end) as large_staff
    from answered as n join above as a on a.id = n.id
    where depth_of(a.level) <= depth_of('board')
    group by a.unit_code, year_code(n.day)
)
select unit_code, period, '' as split, null as numerator, null as denominator,
       case when of_board < of_staff then of_board else of_staff end as cases,
       cast(large_board as double precision) / of_board - cast(large_staff as double precision) / of_staff as value
from summed
where of_board > 0 and of_staff > 0
