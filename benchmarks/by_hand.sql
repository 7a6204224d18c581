-- Every computed figure of the catalogue, as a good engineer would write it for DuckDB by hand: rows are added up per
-- unit and day before anything is joined, plans are found once by their keys and then by number, figures share scans,
-- one statement sums all of them up the tree. It reads `rows_<dataset>` (the same columns as the product's program),
-- `rows_org_units`, `rows_population`, `rows_context_values` and `as_of (dataset, municipality_code, day)`.
-- A line `--- name` begins a phase; `benchmarks.by_hand` times each (and leaves out `begun` when only some rows are read).

--- begun

create table begun as -- the month from which a municipality's rows are held
select 'sips' as dataset, municipality_code, date_trunc('month', min(initiated_on))::date as first_on
from rows_sips group by all
union all
select 'deviations', municipality_code, date_trunc('month', min(reported_on))::date from rows_deviations group by all;

--- organisation

create macro month_of(d) as (year(d) * 100 + month(d))::int;
create macro tertial_of(d) as (year(d) * 100 + 21 + (month(d) - 1) // 4)::int;
create macro in_period(type, m) as
    case type when 'month' then m when 'tertial' then m // 100 * 100 + 21 + (m % 100 - 1) // 4 else m // 100 * 100 end;
create macro turns_18(d) as make_date(year(d) + 18, month(d), 1) + (day(d) - 1)::int;
create macro is_professional(a) as a not in ('barnet', 'vardnadshavare');
create macro is_school(a) as a in ('forskola', 'skola', 'elevhalsa');
create macro is_established(met_on, consent) as met_on is not null and consent is distinct from 'declined';

create table clock as
select clock, municipality_code, max(day) as as_of
from as_of
join (values ('sips', 'sips'), ('participants', 'sips'), ('participants', 'sip_participants'), ('rounds', 'sips'),
             ('rounds', 'sip_follow_ups'), ('activities', 'sips'), ('activities', 'sip_activities'), ('all', 'sips'),
             ('all', 'sip_follow_ups'), ('all', 'sip_participants'), ('all', 'sip_activities'),
             ('reviews', 'sip_reviews'), ('deviations', 'deviations'), ('both', 'sips'), ('both', 'deviations'),
             ('referrals', 'referrals'), ('referrals', 'referral_counts'), ('answers', 'survey_answers'),
             ('agreements', 'agreements'), ('meetings', 'meetings'), ('children', 'sips'), ('children', 'population'))
     as c (clock, dataset) using (dataset)
group by all;

create table span as
select unit_code, level, nullif(parent_code, '') as parent_code, nullif(municipality_code, '') as municipality_code,
       list_position(['region', 'delregional', 'municipality', 'board', 'administration', 'unit'], level) - 1 as level_no,
       valid_from as first_on,
       case when next_from <= coalesce(valid_to, date '9999-12-31') then next_from - 1
            else coalesce(valid_to, date '9999-12-31') end as last_on
from (select *, lead(valid_from) over (partition by unit_code order by valid_from) as next_from from rows_org_units);

create table above as
with recursive above as (
    select unit_code, unit_code as over_code, level_no, parent_code, municipality_code, first_on, last_on from span
    union all
    select a.unit_code, s.unit_code, s.level_no, s.parent_code, s.municipality_code, greatest(a.first_on, s.first_on),
           least(a.last_on, s.last_on)
    from above as a
    join span as s on s.unit_code = a.parent_code and s.first_on <= a.last_on and s.last_on >= a.first_on
)
select * from above;

create table place as
with cut as (
    select unit_code, first_on as day from above
    union
    select unit_code, last_on + 1 from above where last_on < date '9999-12-31'
),
between_cuts as (
    select unit_code, day as first_on,
           coalesce(lead(day) over (partition by unit_code order by day) - 1, date '9999-12-31') as last_on
    from cut
)
select row_number() over () as place_no, b.*, s.level, s.municipality_code
from between_cuts as b
join span as s on s.unit_code = b.unit_code and b.first_on between s.first_on and s.last_on;

create table chain as
select p.place_no, a.over_code as unit_code, a.level_no
from place as p join above as a on a.unit_code = p.unit_code and p.first_on between a.first_on and a.last_on;

create table under as -- the municipality's own unit above a place
select p.place_no, c.unit_code as municipality, any_value(s.municipality_code) as municipality_code
from place as p
join chain as c on c.place_no = p.place_no and c.level_no = 2
join span as s on s.unit_code = c.unit_code
group by all;

create table spot as
select unit_code, place_no, first_on, last_on, level = 'board' as is_board from place
union all
select 'kommun:' || municipality_code, place_no, first_on, last_on, false from place where level = 'municipality';

create table calendar as
with month as (
    select cast(range as date) as first_on from range(date '1990-01-01', (select max(day) from as_of) + 800, interval 1 month)
)
select type, in_period(type, month_of(first_on)) as period, max(month_of(first_on)) as month, min(first_on) as first_on,
       max(last_day(first_on)) as last_on
from month, (values ('month'), ('tertial'), ('year')) as t (type)
group by all;

create table figure as
select kpi, shape, type, list_position(['region', 'delregional', 'municipality', 'board', 'administration', 'unit'],
       smallest) - 1 as smallest_no, per, has_parts
from (values
    ('sip_established', 'count', 'month', 'unit', 1, false), ('sip_consent_unknown', 'count', 'month', 'unit', 1, false),
    ('sip_absence_unannounced', 'share', 'month', 'unit', 1, false), ('sip_per_1000', 'rate', 'tertial', 'municipality', 1000, false),
    ('sip_active', 'count', 'month', 'unit', 1, false), ('sip_school_initiated', 'share', 'month', 'unit', 1, false),
    ('sip_met_30d', 'share', 'month', 'unit', 1, false), ('sip_call_complete', 'share', 'month', 'unit', 1, false),
    ('sip_full_attendance', 'share', 'month', 'unit', 1, false), ('sip_absence_by_actor', 'share', 'month', 'unit', 1, false),
    ('sip_mandate', 'share', 'tertial', 'unit', 1, false), ('sip_declined', 'share', 'tertial', 'unit', 1, false),
    ('sip_lawful', 'share', 'tertial', 'unit', 1, false), ('sip_consent_documented', 'share', 'month', 'unit', 1, false),
    ('sip_coordinator', 'share', 'month', 'unit', 1, false), ('sip_child_voice', 'share', 'month', 'unit', 1, false),
    ('sip_follow_up_agreed', 'share', 'month', 'unit', 1, false),
    ('sip_followed_up_in_time', 'share', 'month', 'unit', 1, false),
    ('sip_follow_up_overdue', 'count', 'month', 'unit', 1, false), ('sip_activities_done', 'share', 'month', 'unit', 1, false),
    ('sip_closed_evaluated', 'share', 'tertial', 'unit', 1, false), ('sip_goal_attainment', 'share', 'year', 'board', 1, true),
    ('sip_dormant', 'share', 'month', 'unit', 1, false), ('deviations_reported', 'count', 'month', 'unit', 1, false),
    ('deviations_per_100_sip', 'rate', 'month', 'unit', 100, false), ('deviation_feedback_60d', 'share', 'month', 'unit', 1, false),
    ('deviation_answered_60d', 'share', 'month', 'unit', 1, false),
    ('deviation_silent_units', 'share', 'tertial', 'board', 1, false),
    ('deviation_action_decided', 'share', 'month', 'unit', 1, false),
    ('deviation_effect_assessed', 'share', 'tertial', 'unit', 1, false),
    ('deviation_solved_by_managers', 'share', 'tertial', 'unit', 1, false),
    ('deviation_recurring', 'share', 'tertial', 'unit', 1, false), ('deviation_open_90d', 'count', 'month', 'unit', 1, false),
    ('deviation_responsibility', 'count', 'tertial', 'board', 1, false), ('referral_flows', 'count', 'month', 'unit', 1, false),
    ('referral_contact_30d', 'share', 'month', 'municipality', 1, false),
    ('referral_lost', 'share', 'month', 'municipality', 1, false), ('training_coverage', 'share', 'tertial', 'unit', 1, false),
    ('insight_in_agreements', 'share', 'year', 'board', 1, true), ('secrecy_confidence', 'share', 'year', 'board', 1, true),
    ('responsibility_clarity', 'share', 'year', 'board', 1, true),
    ('child_participation', 'share', 'tertial', 'municipality', 1, true),
    ('guardian_relief', 'share', 'tertial', 'municipality', 1, true),
    ('agreements_valid', 'share', 'tertial', 'municipality', 1, false),
    ('groups_current_mandate', 'share', 'tertial', 'municipality', 1, false),
    ('meetings_documented', 'share', 'tertial', 'municipality', 1, false),
    ('children_on_agenda', 'share', 'tertial', 'municipality', 1, false),
    ('information_events', 'share', 'tertial', 'board', 1, false)
) as f (kpi, shape, type, smallest, per, has_parts);

create table addend (kpi text, place_no bigint, month int, split text, n double, d double);

--- facts

create table participant as
select s.rowid as plan_no, p.meeting_no, p.actor, p.met_on, p.attended, p.absence, p.mandate
from rows_sip_participants as p join rows_sips as s using (municipality_code, sip_id);

create table meeting as
select plan_no, meeting_no, min(met_on) as day, count(*) filter (is_professional(actor)) as called,
       count(*) filter (is_professional(actor) and attended) as came, max(met_on) as last_met_on
from participant group by all;

create table follow_up as
select s.rowid as plan_no, f.follow_up_no, f.agreed_on, f.moved_to, f.held_on
from rows_sip_follow_ups as f join rows_sips as s using (municipality_code, sip_id);

create table round as
select plan_no, agreed_on, held_on from follow_up
union all
select s.rowid, agreed_follow_up_on, followed_up_on
from rows_sips as s
where agreed_follow_up_on is not null
  and not exists (select 1 from follow_up as f where f.plan_no = s.rowid and f.follow_up_no = 1);

create table activity as
select s.rowid as plan_no, a.principal, a.due_on, a.completed_on, a.cancelled_on
from rows_sip_activities as a join rows_sips as s using (municipality_code, sip_id);

-- from the day that a plan is established until it ends
create table active as
select rowid as plan_no, municipality_code, unit_code, met_on as start_on,
       least(closed_on, case when consent = 'withdrawn' then consent_on end, turns_18(birth_date),
             date '9999-12-31') as finish_on,
       (consent = 'given')::int as given, (coordinator_named and lead_principal is not null)::int as coordinated
from rows_sips
where is_established(met_on, consent) and not (consent is not distinct from 'withdrawn' and consent_on is null);

-- a plan can lie dormant only after everything that was agreed, and after it was established
create table quiet_from as
with agreed as (
    select plan_no, max(day) as day
    from (
        select plan_no, greatest(least(agreed_on, coalesce(held_on, agreed_on)),
                                 least(moved_to, coalesce(held_on, moved_to))) as day
        from follow_up
        union all
        select plan_no, least(due_on, completed_on, cancelled_on) from activity
    )
    group by plan_no
)
select a.plan_no, a.municipality_code, a.unit_code, a.finish_on,
       greatest(a.start_on, least(s.agreed_follow_up_on, coalesce(s.followed_up_on, s.agreed_follow_up_on)), g.day) as day
from active as a join rows_sips as s on s.rowid = a.plan_no left join agreed as g on g.plan_no = a.plan_no;

create table dormant as
with happened as (
    select plan_no, day from quiet_from
    union all
    select plan_no, held_on from follow_up where held_on is not null
    union all
    select plan_no, met_on from participant
    union all
    select plan_no, completed_on from activity where completed_on is not null
    union all
    select plan_no, cancelled_on from activity where cancelled_on is not null
    union all
    select rowid, unnest([initiated_on, consent_on, called_on, mapped_on, activity_followed_up_on, evaluated_on, followed_up_on])
    from rows_sips
),
spaced as (
    select q.municipality_code, q.unit_code, h.day + 180 as start_on,
           least(q.finish_on, lead(h.day) over (partition by h.plan_no order by h.day)) as finish_on
    from happened as h join quiet_from as q on q.plan_no = h.plan_no and h.day >= q.day
)
select * from spaced where finish_on > start_on;

--- scans

create table by_initiated as
select municipality_code, unit_code, initiated_on as day,
       count(*) filter (consent in ('given', 'declined', 'withdrawn')) as asked,
       count(*) filter (consent = 'declined') as declined,
       count(*) filter (consent is distinct from 'declined') as begun,
       count(*) filter (consent is distinct from 'declined' and met_on <= initiated_on + 30) as met
from rows_sips group by all;

create table by_called as
select municipality_code, unit_code, called_on as day, count(*) as called,
       count(*) filter (is_school(coalesce(calling_actor, initiator_actor))) as by_school,
       count(*) filter (purpose_stated and question_stated) as complete
from rows_sips where called_on is not null group by all;

create table by_met as
select municipality_code, unit_code, met_on as day, count(*) as met,
       count(*) filter (consent is distinct from 'declined') as established, count(*) filter (consent = 'unknown') as unknown,
       count(*) filter (child_voice in ('attended', 'statement', 'asked_declined', 'observed')) as heard,
       count(*) filter (consent is distinct from 'declined'
                        and (agreed_follow_up_on is not null or r.plan_no is not null)) as agreed
from rows_sips as s
left join (select distinct plan_no from follow_up) as r on r.plan_no = s.rowid
where met_on is not null group by all;

create table by_wait as -- a histogram is enough for an exact median
select municipality_code, unit_code, met_on as day, met_on - initiated_on as wait, count(*) as plans
from rows_sips where met_on is not null and initiated_on is not null group by all;

create table by_closed as
select municipality_code, unit_code, closed_on as day,
       count(*) filter (closed_reason is null or closed_reason not in ('consent_withdrawn', 'moved')) as closed,
       count(*) filter ((closed_reason is null or closed_reason not in ('consent_withdrawn', 'moved'))
                        and evaluated_on is not null) as evaluated
from rows_sips where closed_on is not null group by all;

create table by_assessed as
select municipality_code, unit_code, coalesce(evaluated_on, closed_on) as day, goal_attainment, count(*) as plans
from rows_sips where goal_attainment in ('full', 'partial', 'none') group by all;

create table by_meeting as
select s.municipality_code, s.unit_code, m.day, count(*) as meetings, count(*) filter (m.came = m.called) as complete
from meeting as m join rows_sips as s on s.rowid = m.plan_no
where m.called > 0 group by all;

create table by_actor as
select s.municipality_code, s.unit_code, m.day, p.actor, is_school(coalesce(s.calling_actor, s.initiator_actor)) as by_school,
       count(*) as called, count(*) filter (p.attended) as came, count(*) filter (p.attended and p.mandate) as decided,
       count(*) filter (not p.attended and p.absence = 'unannounced') as unannounced,
       count(*) filter (p.actor <> coalesce(s.calling_actor, s.initiator_actor)) as others,
       count(*) filter (p.actor <> coalesce(s.calling_actor, s.initiator_actor) and p.attended) as others_came
from participant as p
join meeting as m using (plan_no, meeting_no)
join rows_sips as s on s.rowid = p.plan_no
where is_professional(p.actor) group by all;

create table by_agreed as
select s.municipality_code, s.unit_code, r.agreed_on + 14 as day, count(*) as agreed,
       count(*) filter (r.held_on <= r.agreed_on + 14) as in_time
from round as r join rows_sips as s on s.rowid = r.plan_no
where is_established(s.met_on, s.consent) and not coalesce(s.closed_on < r.agreed_on, false) group by all;

create table by_due as
select s.municipality_code, s.unit_code, a.due_on + 14 as day, a.principal, count(*) as promised,
       count(*) filter (a.completed_on <= a.due_on + 14) as done
from activity as a join rows_sips as s on s.rowid = a.plan_no
where a.cancelled_on is null group by all;

create table by_reviewed as
select municipality_code, unit_code, reviewed_on as day, count(*) as reviewed,
       count(*) filter (needs_stated and responsibilities_stated and other_measures_stated
                        and lead_principal_stated) as lawful
from rows_sip_reviews group by all;

create table by_reported as
with alike as (
    select municipality_code, unit_code, category, counterpart_actor, reported_on, count(*) as reported,
           count(*) filter (feedback_on <= reported_on + 60) as answered
    from rows_deviations group by all
),
spaced as (
    select *, lag(reported_on) over (partition by municipality_code, unit_code, category, counterpart_actor
                                     order by reported_on) as earlier_on
    from alike
)
select municipality_code, unit_code, reported_on as day, sum(reported) as reported, sum(answered) as answered,
       sum(reported) filter (counterpart_actor in ('socialtjanst', 'forskola', 'skola', 'elevhalsa', 'oppen_forskola'))
           as to_us,
       sum(answered) filter (counterpart_actor in ('socialtjanst', 'forskola', 'skola', 'elevhalsa', 'oppen_forskola'))
           as by_us,
       sum(reported) filter (category in ('oklart_ansvar', 'finansieringstvist')) as unclear,
       sum(reported) filter (reported_on <= (earlier_on + interval 6 months)::date) as again
from spaced group by all;

create table by_solved as
select municipality_code, unit_code, closed_on as day, count(*) as closed,
       count(*) filter (action_decided_on is not null) as decided, count(*) filter (level = 'managers') as by_managers
from rows_deviations where closed_on is not null group by all;

create table by_decided as
select municipality_code, unit_code, action_decided_on + 90 as day, count(*) as decided,
       count(*) filter (effect_assessed_on is not null) as assessed
from rows_deviations where action_decided_on is not null group by all;

create table by_referred as
select municipality_code, centre_code as unit_code, referred_on as day, from_actor, to_actor, count(*) as referred,
       count(*) filter (first_contact_on <= referred_on + 30) as contacted,
       count(*) filter (outcome is distinct from 'declined' and to_actor <> 'oppen_forskola') as tellable,
       count(*) filter (outcome is distinct from 'declined' and to_actor <> 'oppen_forskola'
                        and not coalesce(first_contact_on <= referred_on + 60, false)) as lost
from rows_referrals group by all;

create table by_answered as
select municipality_code, case when board_code <> '' then board_code else 'kommun:' || municipality_code end as unit_code,
       answered_on as day, question, respondents, answer, sum(answers) as answers
from rows_survey_answers group by all;

create table by_planned as
select municipality_code, case when board_code <> '' then board_code else 'kommun:' || municipality_code end as unit_code,
       planned_on as day, forum = 'information' as is_information, count(*) as planned,
       count(*) filter (minutes_on is not null) as documented, count(*) filter (held_on is not null) as held,
       count(*) filter (held_on is not null and children_on_agenda) as with_children
from rows_meetings group by all;

-- what stands: entries and exits by day
create table moved as
with span as (
    select 'active' as stock, municipality_code, unit_code, start_on, finish_on, 1 as a, given as b, coordinated as c
    from active
    union all
    select 'dormant', municipality_code, unit_code, start_on, finish_on, 1, 0, 0 from dormant
    union all
    select 'overdue', s.municipality_code, s.unit_code, r.agreed_on + 31,
           least(r.held_on, s.closed_on, date '9999-12-31'), 1, 0, 0
    from round as r join rows_sips as s on s.rowid = r.plan_no
    union all
    select 'open', municipality_code, unit_code, reported_on + 91, coalesce(closed_on, date '9999-12-31'), 1, 0, 0
    from rows_deviations
    union all
    select 'listed', municipality_code, 'kommun:' || municipality_code, valid_from, date '9999-12-31',
           (kind = 'agreement')::int, (kind = 'group_mandate')::int, 0
    from rows_agreements
    union all
    select 'signed', municipality_code, 'kommun:' || municipality_code, greatest(valid_from, signed_on),
           coalesce(valid_to + 1, date '9999-12-31'), 1, 0, 0
    from rows_agreements where kind = 'agreement' and signed_on is not null
    union all
    select 'mandate', municipality_code, 'kommun:' || municipality_code, valid_from,
           coalesce(valid_to + 1, date '9999-12-31'), 1, 0, 0
    from rows_agreements where kind = 'group_mandate'
)
select stock, municipality_code, unit_code, unnest([start_on, finish_on]) as day, unnest([a, -a])::bigint as a,
       unnest([b, -b])::bigint as b, unnest([c, -c])::bigint as c
from (
    select stock, municipality_code, unit_code, start_on, finish_on, sum(a) as a, sum(b) as b, sum(c) as c
    from span where finish_on > start_on group by all
);

create table standing as
with step as (
    select m.stock, u.clock, u.type, m.municipality_code, m.unit_code, k.as_of, in_period(u.type, month_of(m.day)) as period,
           sum(a) as a, sum(b) as b, sum(c) as c
    from moved as m
    join (values ('active', 'sips', 'month'), ('active', 'both', 'month'), ('active', 'all', 'month'),
                 ('dormant', 'all', 'month'), ('overdue', 'rounds', 'month'), ('open', 'deviations', 'month'),
                 ('listed', 'agreements', 'tertial'), ('signed', 'agreements', 'tertial'),
                 ('mandate', 'agreements', 'tertial')) as u (stock, clock, type) on u.stock = m.stock
    join clock as k on k.clock = u.clock and k.municipality_code = m.municipality_code and m.day <= k.as_of
    group by all
),
begun as (select stock, clock, type, municipality_code, unit_code, as_of, min(period) as first from step group by all),
running as (
    select b.stock, b.clock, b.municipality_code, b.unit_code, c.month, least(c.last_on, b.as_of) as day,
           sum(coalesce(s.a, 0)) over so_far as a, sum(coalesce(s.b, 0)) over so_far as b, sum(coalesce(s.c, 0)) over so_far as c
    from begun as b
    join calendar as c on c.type = b.type and c.period >= b.first and c.first_on <= b.as_of
    left join step as s
      on s.stock = b.stock and s.clock = b.clock and s.municipality_code = b.municipality_code
     and s.unit_code = b.unit_code and s.period = c.period
    window so_far as (partition by b.stock, b.clock, b.municipality_code, b.unit_code order by c.period)
)
select r.stock, r.clock, p.place_no, r.month, sum(a) as a, sum(b) as b, sum(c) as c
from running as r
join spot as p on p.unit_code = r.unit_code and r.day between p.first_on and p.last_on
where a > 0 or b > 0 or c > 0 group by all;

--- placed

create macro placed(rows, of_clock) as table
select r.*, p.place_no, month_of(r.day) as month, k.as_of
from query_table(rows) as r
join clock as k on k.clock = of_clock and k.municipality_code = r.municipality_code and r.day <= k.as_of
join spot as p on p.unit_code = r.unit_code and r.day between p.first_on and p.last_on;

insert into addend
select kpi, place_no, month, '', sum(n), sum(d)
from (
    select place_no, month, unnest(['sip_declined']) as kpi, declined as n, asked as d from placed('by_initiated', 'sips')
    union all
    select p.place_no, month_of(r.day + 30), 'sip_met_30d', r.met, r.begun
    from by_initiated as r
    join clock as k on k.clock = 'sips' and k.municipality_code = r.municipality_code and r.day + 30 <= k.as_of
    join spot as p on p.unit_code = r.unit_code and r.day + 30 between p.first_on and p.last_on
    union all
    select place_no, month, unnest(['sip_school_initiated', 'sip_call_complete']), unnest([by_school, complete]), called
    from placed('by_called', 'sips')
    union all
    select place_no, month, unnest(['sip_established', 'sip_consent_unknown', 'sip_child_voice']), unnest([0, 0, heard]),
           unnest([established, unknown, met])
    from placed('by_met', 'sips')
    union all
    select place_no, month, 'sip_follow_up_agreed', agreed, established from placed('by_met', 'rounds')
    union all
    select place_no, month, 'sip_closed_evaluated', evaluated, closed from placed('by_closed', 'sips')
    union all
    select place_no, month, 'sip_full_attendance', complete, meetings from placed('by_meeting', 'participants')
    union all
    select place_no, month, 'sip_mandate', decided, came from placed('by_actor', 'participants')
    union all
    select place_no, month, 'sip_followed_up_in_time', in_time, agreed from placed('by_agreed', 'rounds')
    union all
    select place_no, month, 'sip_lawful', lawful, reviewed from placed('by_reviewed', 'reviews')
    union all
    select place_no, month, unnest(['deviations_reported', 'deviation_responsibility', 'deviation_recurring']),
           unnest([0, 0, again]), unnest([reported, unclear, reported])
    from placed('by_reported', 'deviations')
    union all
    select p.place_no, month_of(r.day + 60), unnest(['deviation_feedback_60d', 'deviation_answered_60d']),
           unnest([answered, by_us]), unnest([reported, to_us])
    from by_reported as r
    join clock as k on k.clock = 'deviations' and k.municipality_code = r.municipality_code and r.day + 60 <= k.as_of
    join spot as p on p.unit_code = r.unit_code and r.day + 60 between p.first_on and p.last_on
    union all
    select place_no, month, unnest(['deviation_action_decided', 'deviation_solved_by_managers']),
           unnest([decided, by_managers]), closed
    from placed('by_solved', 'deviations')
    union all
    select place_no, month, 'deviation_effect_assessed', assessed, decided from placed('by_decided', 'deviations')
    union all
    select place_no, month, unnest(['meetings_documented', 'children_on_agenda']), unnest([documented, with_children]),
           unnest([planned, held])
    from placed('by_planned', 'meetings') where not is_information
    union all
    select place_no, month, 'information_events', held, planned from placed('by_planned', 'meetings') where is_information
    union all
    select p.place_no, month_of(r.day + 30), 'referral_contact_30d', r.contacted, r.referred
    from by_referred as r
    join clock as k on k.clock = 'referrals' and k.municipality_code = r.municipality_code and r.day + 30 <= k.as_of
    join spot as p on p.unit_code = r.unit_code and r.day + 30 between p.first_on and p.last_on
    union all
    select p.place_no, month_of(r.day + 60), 'referral_lost', r.lost, r.tellable
    from by_referred as r
    join clock as k on k.clock = 'referrals' and k.municipality_code = r.municipality_code and r.day + 60 <= k.as_of
    join spot as p on p.unit_code = r.unit_code and r.day + 60 between p.first_on and p.last_on
    union all
    select p.place_no, month_of(r.month), unnest(['referral_contact_30d', 'referral_lost']),
           unnest([contact_within_30d, no_contact_60d]),
           unnest([case when contact_within_30d is not null and last_day(r.month) + 30 <= k.as_of then referred end,
                   case when no_contact_60d is not null and to_actor <> 'oppen_forskola'
                         and last_day(r.month) + 60 <= k.as_of then referred end])
    from rows_referral_counts as r
    join clock as k on k.clock = 'referrals' and k.municipality_code = r.municipality_code
    join spot as p on p.unit_code = r.centre_code and r.month between p.first_on and p.last_on
    union all
    select place_no, month, unnest(['sip_active', 'sip_consent_documented', 'sip_coordinator']), unnest([0, b, c]), a
    from standing where stock = 'active' and clock = 'sips'
    union all
    select place_no, month, 'sip_dormant', case stock when 'dormant' then a end, case stock when 'active' then a end
    from standing where clock = 'all'
    union all
    select place_no, month, case stock when 'overdue' then 'sip_follow_up_overdue' else 'deviation_open_90d' end, 0, a
    from standing where stock in ('overdue', 'open')
    union all
    select place_no, month, 'agreements_valid', case stock when 'signed' then a end, case stock when 'listed' then a end
    from standing where stock in ('signed', 'listed')
    union all
    select place_no, month, 'groups_current_mandate', case stock when 'mandate' then a end, case stock when 'listed' then b end
    from standing where stock in ('mandate', 'listed')
)
where d is not null or kpi not like 'referral%'
group by all;

-- with splits and parts
insert into addend
select kpi, place_no, month, split, sum(n), sum(d)
from (
    select unnest(['sip_absence_by_actor', 'sip_absence_unannounced']) as kpi, place_no, month, 'actor=' || actor as split,
           unnest([called - came, unannounced]) as n, unnest([called, called - came]) as d
    from placed('by_actor', 'participants')
    union all
    select 'sip_activities_done', place_no, month, 'principal=' || principal, done, promised
    from placed('by_due', 'activities')
    union all
    select 'referral_flows', place_no, month, 'from_actor=' || from_actor || ';to_actor=' || to_actor, 0, referred
    from placed('by_referred', 'referrals')
    union all
    select 'referral_flows', p.place_no, month_of(r.month), 'from_actor=' || from_actor || ';to_actor=' || to_actor, 0, referred
    from rows_referral_counts as r
    join clock as k on k.clock = 'referrals' and k.municipality_code = r.municipality_code and r.month <= k.as_of
    join spot as p on p.unit_code = r.centre_code and r.month between p.first_on and p.last_on
    union all
    select 'sip_goal_attainment', place_no, month, unnest(['', 'goal_attainment=' || goal_attainment]),
           unnest([case when goal_attainment <> 'none' then plans else 0 end, plans]), unnest([plans, 0])
    from placed('by_assessed', 'sips')
    union all
    select q.kpi, place_no, month, unnest(['', 'answer=' || answer]),
           unnest([case when answer = 'large' then answers else 0 end, answers]), unnest([answers, 0])
    from placed('by_answered', 'answers') as r
    join (values ('insight_in_agreements', 'insight_agreements', null), ('secrecy_confidence', 'secrecy_confidence', null),
                 ('responsibility_clarity', 'responsibility_clear', null),
                 ('child_participation', 'child_took_part', 'children'),
                 ('guardian_relief', 'guardian_relieved', 'guardians')) as q (kpi, question, of_whom)
      on q.question = r.question and coalesce(q.of_whom, r.respondents) = r.respondents
    union all
    select 'training_coverage', place_no, month_of(month), 'subject=' || subject || ';group=' || who, trained, staff
    from (
        select t.*, p.place_no, case when p.is_board then 'board_members' else 'staff' end as who,
               rank() over (partition by t.unit_code, subject, tertial_of(t.month) order by t.month desc) as place_in_tertial
        from rows_training as t
        join spot as p on p.unit_code = t.unit_code and t.month between p.first_on and p.last_on
        join place as own on own.place_no = p.place_no
        where t.month <= (select max(a.day) from as_of as a
                          where a.dataset = 'training' and a.municipality_code in (coalesce(own.municipality_code, ''), ''))
    )
    where place_in_tertial = 1
)
group by all;

-- per 1 000 children: where a municipality has children, and deliveries hold the whole tertial or there are plans
create table children as
select municipality_code, year, sum(children) as children from rows_population group by all
having count(*) = 18 or min(age) = '0-17';

create table divided as
with covered as (
    select b.municipality_code, b.first_on, k.as_of
    from begun as b join clock as k on k.clock = 'children' and k.municipality_code = b.municipality_code
    where b.dataset = 'sips'
)
select p.place_no, p.unit_code, c.period, c.month, v.first_on <= c.first_on as is_whole,
       coalesce((select y.children from children as y where y.municipality_code = v.municipality_code
                   and y.year <= c.period // 100 order by y.year desc limit 1),
                (select y.children from children as y where y.municipality_code = v.municipality_code
                 order by y.year limit 1)) as children
from covered as v
join calendar as c on c.type = 'tertial' and c.last_on >= v.first_on and c.first_on <= v.as_of
join place as p
  on p.level = 'municipality' and p.municipality_code = v.municipality_code
 and least(c.last_on, v.as_of) between p.first_on and p.last_on;

insert into addend
with event as (
    select a.place_no, a.month, in_period('tertial', a.month) as period, u.municipality, a.d as n
    from addend as a left join under as u on u.place_no = a.place_no
    where a.kpi = 'sip_established' and a.d > 0
)
select 'sip_per_1000', e.place_no, e.month, '', e.n, 0
from event as e left join divided as v on v.unit_code = e.municipality and v.period = e.period
where e.municipality is null or v.children > 0
union all
select 'sip_per_1000', v.place_no, v.month, '', 0, v.children
from divided as v
where v.children > 0
  and (v.is_whole or exists (select 1 from event as e where e.municipality = v.unit_code and e.period = v.period));

-- deviations per 100 active plans: only where the other half is delivered
insert into addend
with covered as (
    select b.dataset, b.municipality_code, month_of(b.first_on) as first_month, month_of(k.as_of) as last_month
    from begun as b join clock as k on k.clock = 'both' and k.municipality_code = b.municipality_code
),
event as (
    select place_no, month, 'sips' as must_cover, sum(reported) as n, 0 as d from placed('by_reported', 'both') group by all
    union all
    select place_no, month, 'deviations', 0, a from standing where stock = 'active' and clock = 'both'
)
select 'deviations_per_100_sip', e.place_no, e.month, '', e.n, e.d
from event as e
left join under as u on u.place_no = e.place_no
left join covered as c
  on c.dataset = e.must_cover and c.municipality_code = u.municipality_code and e.month between c.first_month and c.last_month
where u.place_no is null or c.dataset is not null;

-- units that have reported nothing for twelve months
insert into addend
with covered as (
    select b.municipality_code, b.first_on, k.as_of
    from begun as b join clock as k on k.clock = 'deviations' and k.municipality_code = b.municipality_code
    where b.dataset = 'deviations'
),
looked_at as (
    select p.place_no, p.unit_code, c.month, (c.first_on - interval 8 months)::date as since, c.last_on
    from covered as v
    join calendar as c on c.type = 'tertial' and c.first_on <= v.as_of and v.first_on <= (c.first_on - interval 8 months)::date
    join under as u on u.municipality_code = v.municipality_code
    join place as p
      on p.place_no = u.place_no and p.level = 'unit' and least(c.last_on, v.as_of) between p.first_on and p.last_on
),
reported as (select distinct unit_code, month from placed('by_reported', 'deviations'))
select 'deviation_silent_units', l.place_no, l.month, '',
       (not exists (select 1 from reported as r where r.unit_code = l.unit_code
                    and r.month between month_of(l.since) and l.month))::int, 1
from looked_at as l;

--- rollup

create table sums as
select a.kpi, c.unit_code, max(c.level_no) as level_no, in_period(f.type, a.month) as period, a.split,
       sum(coalesce(n, 0)) as n, sum(coalesce(d, 0)) as d
from addend as a
join figure as f on f.kpi = a.kpi
join chain as c on c.place_no = a.place_no and c.level_no <= f.smallest_no
group by a.kpi, c.unit_code, in_period(f.type, a.month), a.split;

create table cell as
select kpi, unit_code, level_no, period, split,
       case shape when 'count' then d else n end as numerator, case shape when 'count' then null else whole end as denominator,
       (case shape when 'count' then d when 'rate' then n else whole end)::bigint as cases,
       case shape when 'count' then d when 'rate' then n * per / whole else n / whole end as value, 1::smallint as basis
from (
    select s.*, f.shape, f.per,
           case when f.has_parts then sum(s.d) over (partition by s.kpi, s.unit_code, s.period) else s.d end as whole
    from sums as s join figure as f on f.kpi = s.kpi
)
where whole > 0;

-- medians from the histogram: the middle one, or the mean of the two in the middle
insert into cell
with up as (
    select c.unit_code, c.level_no, h.month, h.wait, sum(h.plans) as plans
    from placed('by_wait', 'sips') as h join chain as c on c.place_no = h.place_no
    group by all
),
ranked as (
    select *, sum(plans) over (partition by unit_code, month order by wait) as until,
           sum(plans) over (partition by unit_code, month) as cases
    from up
)
select 'sip_lead_time', unit_code, max(level_no), month, '', null, null, max(cases)::bigint,
       (min(wait) filter (until >= (cases + 1) // 2) + min(wait) filter (until >= (cases + 2) // 2)) / 2.0, 1
from ranked group by unit_code, month;

-- gaps: the difference of two groups' shares
insert into cell
with summed as (
    select place_no, month, as_of, actor, by_school, sum(others) as called, sum(others_came) as came
    from placed('by_actor', 'participants') where others > 0 group by all
),
by_actor as (
    select c.unit_code, max(c.level_no) as level_no, t.period, s.actor,
           sum(called) filter (by_school) as called_a, sum(came) filter (by_school) as came_a,
           sum(called) filter (not by_school) as called_b, sum(came) filter (not by_school) as came_b
    from summed as s
    join calendar as t
      on t.type = 'tertial' and t.first_on <= s.as_of
     and s.month between month_of((t.first_on - interval 8 months)::date) and t.month
    join chain as c on c.place_no = s.place_no and c.level_no <= 3
    group by c.unit_code, t.period, s.actor
)
select 'sip_school_gap', unit_code, max(level_no), period, '', null, null, least(sum(called_a), sum(called_b))::bigint,
       sum(came_a) / sum(called_a) - sum(came_b) / sum(called_b), 1
from by_actor where called_a > 0 and called_b > 0 group by unit_code, period;

insert into cell
with by_group as (
    select c.unit_code, max(c.level_no) as level_no, r.month // 100 * 100 as period,
           sum(answers) filter (respondents = 'board_members') as of_board,
           sum(answers) filter (respondents = 'board_members' and answer = 'large') as large_board,
           sum(answers) filter (respondents = 'staff') as of_staff,
           sum(answers) filter (respondents = 'staff' and answer = 'large') as large_staff
    from placed('by_answered', 'answers') as r join chain as c on c.place_no = r.place_no and c.level_no <= 3
    where question = 'follow_up_happens' group by c.unit_code, r.month // 100 * 100
)
select 'perception_gap', unit_code, level_no, period, '', null, null, least(of_board, of_staff)::bigint,
       coalesce(large_board, 0) / of_board - coalesce(large_staff, 0) / of_staff, 1
from by_group where of_board > 0 and of_staff > 0;

-- others' statistics, as they are given
insert into cell
select distinct s.kpi, u.unit_code, u.level_no, g.year * 100, case when s.is_split then 'series=' || g.kpi_id else '' end, null::double,
       null::double, 0, g.value, 1
from rows_context_values as g
join (values ('bup_first_visit_90d', 'U72552', 0, false), ('school_health_access', 'N15608', 2, true),
             ('school_health_access', 'N15638', 2, true), ('youth_influence', 'U33578', 2, false))
     as s (kpi, series, level_no, is_split) on s.series = g.kpi_id
join span as u
  on u.level_no = s.level_no
 and (u.municipality_code = g.municipality_code or (s.level_no = 0 and g.municipality_code in (u.unit_code, '00' || u.unit_code)))
where g.sex = 'T' and g.value is not null;
