-- period: year
-- smallest: board
event as (
    -- answers about the whole municipality name no board
    select case when v.board_code <> '' then v.board_code
                else (select min(m.unit_code) from span as m
                    where m.level = 'municipality' and m.municipality_code = v.municipality_code
                      and v.answered_on between m.valid_from and m.valid_to) end as unit_code,
           v.answered_on as day, '' as split, v.answers as denominator,
           case when v.answer = 'large' then v.answers else 0 end as numerator
    from survey_answers as v
    join as_of as a on a.dataset = 'survey_answers' and a.municipality_code = v.municipality_code
    where v.ended_by is null and v.question = 'responsibility_clear'
      and v.answered_on <= a.day
)
