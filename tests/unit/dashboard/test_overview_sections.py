"""What a board takes a position on, what has happened since, and what the reader has the next step in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from control.actions.content import BoardAction, CostClass, Origin, Status
from control.board_work import BoardWork
from control.matters import Matter, MatterKind, matters
from control.next_steps import next_steps
from control.remarks import Remark, RemarkKind, without_answer
from control.since import since
from dashboard.components.figure_cells import figure_cells
from dashboard.components.figure_table import figure_table, open_and_folded
from dashboard.components.figure_work import figure_work
from dashboard.components.matters_section import decisions_section, matters_section
from dashboard.components.next_steps import next_steps_section
from dashboard.components.since_section import sentence, since_section
from dashboard.matter_words import decisions
from kpi.access import Grant, Role, Viewer
from kpi.organisation import Unit
from kpi.period import Period
from kpi.spc.series import ChartType
from kpi.spc.verdict import Signal, Told, Variation
from kpi.status import Bound, Target, judge
from kpi.views.rows import FigureRow, Then
from tests.builders.figures import MARCH, catalogue, overview, share, share_row
from tests.builders.rendered import told

TODAY = date(2025, 4, 2)
BOARD = "1287-SN"
DECIDED = Target(Bound.AT_LEAST, 0.9, is_decided=True)
WATCH = Target(Bound.AT_LEAST, 0.8, is_watch=True)
OFF = share_row(29, 46)
MISSED = share_row(40, 100, kpi_id="sip_call_complete", target=DECIDED)
THEIRS = share_row(14, 31, kpi_id="deviation_feedback_60d", target=WATCH)
CHIEFS = replace(OFF, definition=replace(OFF.definition, owner_role="förvaltningschef"))
REACHED = share_row(95, 100, kpi_id="sip_child_voice")


def action(kpi_id: str | None = None, *, number: int = 1, due: date = date(2025, 3, 1), **more: object) -> BoardAction:
    at = datetime(2025, 1, 7, 9, tzinfo=UTC)
    found = BoardAction(
        number, "1287", BOARD, None, f"Åtgärd {number}", "", Origin.FIGURE, None, kpi_id, "Förvaltningschefen",
        date(2025, 1, 7), due, due, None, None, CostClass.NONE, Status.STARTED, None, 1, at, "någon",
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]


def reason(row: FigureRow, kind: RemarkKind) -> Remark:
    at = datetime(2025, 4, 1, 9, tzinfo=UTC)
    return Remark(1, BOARD, row.definition.id, row.current.last, kind, "Därför.", None, at, "någon")


def kinds(*found: Matter) -> list[str]:
    return [one.kind.value for one in found]


def test_a_missed_decision_comes_before_a_proposal_and_the_counterparts_last() -> None:
    found = matters([THEIRS, OFF, REACHED, MISSED], BoardWork(BOARD), TODAY)
    assert kinds(*found) == ["missed", "proposed", "counterpart", "targets"]
    assert [one.row for one in found[:3]] == [MISSED, OFF, THEIRS]
    assert found[3].undecided == 2, "a watch level and a decided target are no proposals"


def test_what_is_acted_on_or_explained_is_no_matter_and_a_comment_is_no_answer() -> None:
    acted = BoardWork(BOARD, actions=(action(MISSED.definition.id, due=date(2025, 9, 1)),))
    assert "missed" not in kinds(*matters([MISSED], acted, TODAY))
    explained = BoardWork(BOARD, remarks=(reason(MISSED, RemarkKind.NO_ACTION),))
    assert "missed" not in kinds(*matters([MISSED], explained, TODAY))
    for done, is_answered in ((date(2025, 3, 1), True), (date(2025, 2, 28), False)):
        ended = action(MISSED.definition.id, status=Status.DONE, done_on=done)
        work = BoardWork(BOARD, actions=(ended,))
        assert ("missed" not in kinds(*matters([MISSED], work, TODAY))) is is_answered
        assert ("klar 1~mars~2025" in told(figure_table(overview(MISSED), work, TODAY))) is is_answered
    for kind in (RemarkKind.COMMENT, RemarkKind.COUNTERPART):
        assert kinds(*matters([MISSED], BoardWork(BOARD, remarks=(reason(MISSED, kind),)), TODAY)) == ["missed"]


def test_a_clear_deterioration_is_taken_up_before_proposed_levels() -> None:
    variation = Variation(ChartType.PROPORTION, (), Told.CONCERN, Signal.RUN, -1, 8)
    worse = replace(share_row(95, 100, kpi_id="sip_coordinator"), variation=variation)
    found = matters([OFF, worse], None, TODAY)
    assert kinds(*found) == ["missed", "proposed", "targets"]
    assert found[0].row == worse


def test_the_page_ends_in_decisions_that_name_what_they_are_about() -> None:
    work = BoardWork(BOARD, actions=(action(number=7),), plans_proposed=(2026,))
    found = matters([THEIRS, OFF, MISSED], work, TODAY)
    assert kinds(*found) == ["plan", "missed", "late_actions", "proposed", "counterpart", "targets"]
    said = told(decisions_section(found, MARCH, may_open_papers=True))
    assert said == (
        "Förslag till beslut Nämnden föreslås besluta att "
        "godkänna uppföljningen av intern kontroll för mars~2025 och lägga den till handlingarna, "
        "anta intern kontrollplan 2026, "
        "ge förvaltningen i uppdrag att till nästa uppföljning föreslå åtgärder för ”Kallelse med syfte och "
        "frågeställning”, begära besked om när åtgärden ”Åtgärd 7” blir klar, "
        "begära förvaltningens analys av ”SIP uppföljda i tid”, "
        "ta upp i den delregionala samverkan ”Återkoppling på avvikelser inom 60 dagar”, "
        "ge förvaltningen i uppdrag att lägga fram förslag till beslut om de mål som bara är föreslagna. "
        "Till nämndens handlingar"
    )


def test_every_decision_has_its_card_in_the_same_order_and_a_part_of_a_board_is_proposed_nothing() -> None:
    several = [share_row(20 + at, 46, kpi_id=one) for at, one in enumerate(("sip_child_voice", "sip_coordinator",
               "sip_full_attendance", "sip_met_30d"))]  # fmt: skip
    found = matters([THEIRS, MISSED, *several], BoardWork(BOARD), TODAY)
    board = told(matters_section(found, MARCH, BOARD, is_board=True))
    assert board.startswith("Att ta ställning till Kallelse med syfte och frågeställning 40 av 100 (40~%)")
    assert "Tre av fyra nyckeltal att analysera " in board
    assert "Se nyckeltalet : Kallelse med syfte och frågeställning →" in board
    cards, rest = board.split("Ett till att känna till ")
    said = told(decisions_section(found, MARCH, may_open_papers=True))
    asked = [part for one in found if one.row is not None and (part := one.row.definition.name) in said]
    assert len(asked) == 5, "two alone and the three farthest off"
    for text in (cards, said):
        assert sorted(asked, key=text.index) == asked
    assert cards.index("Mål som bara är föreslagna") > cards.index(asked[-1])
    assert cards.count("Förslag:") == len(decisions(found, MARCH)) - 1 == 4, "the first approves the review"
    (left,) = [one.row.definition.name for one in found if one.row is not None and one.row.definition.name not in asked]
    assert rest.startswith(left)
    assert "Se nyckeltalen : Mål som bara är föreslagna →" in board
    open_ = str(matters_section(found, MARCH, BOARD, is_board=True, may_open_definitions=True))
    assert "/definitioner" in open_, "the list there tells each target"
    unit = told(matters_section(found, MARCH, BOARD, is_board=False))
    assert unit.startswith("Att börja med")
    assert "Förslag:" not in unit
    assert matters_section((), MARCH, BOARD, is_board=True) is None


def then(row: FigureRow, numerator: int, denominator: int) -> FigureRow:
    reading = share(numerator, denominator, Period.parse("2024-12"))
    status = judge(reading.value, denominator, minimum_cases=1, target=row.target, is_share=True)
    return replace(row, then=Then(reading, status))


def test_since_the_closed_month_tells_what_crossed_its_level_and_what_was_done() -> None:
    worse, better, same = then(OFF, 92, 100), then(REACHED, 60, 100), then(MISSED, 41, 100)
    ended = action(number=2, status=Status.DONE, done_on=date(2025, 2, 1))
    before = action(number=3, status=Status.DONE, done_on=date(2024, 12, 31), starts_on=date(2024, 9, 1))
    work = BoardWork(BOARD, actions=(action(), ended, before))
    found = since([worse, better, same, share_row(1, 2)], Period.parse("2024-12"), work, TODAY)
    assert (found.judged, found.worse, found.better) == (3, (worse,), (better,))
    assert [one.number for one in found.begun] == [1, 2]
    assert [one.number for one in found.ended] == [2]
    assert sentence(found) == "Ett nyckeltal har hamnat utanför sin nivå och ett ligger inte längre utanför."
    only = since([better, same], Period.parse("2024-12"), work, TODAY)
    assert sentence(only) == "Ett nyckeltal ligger inte längre utanför sin nivå."
    said = told(since_section(found, MARCH))
    assert "SIP uppföljda i tid från 92~% till 63~%, minst 90~%" in said
    assert since([share_row(1, 2)], Period.parse("2024-12"), None, TODAY).judged == 0


def test_a_level_to_watch_is_not_called_a_goal_on_a_phone() -> None:
    labels = [
        str(figure_cells(one, overview(one), None, TODAY)[2].to_plotly_json()["props"]["data-label"])
        for one in (OFF, THEIRS, share_row(1, 2, target=None))
    ]
    assert labels == ["Mål", "", ""]


def viewer(role: Role) -> Viewer:
    return Viewer("någon", (Grant(role, "1287", frozenset({BOARD})),))


def test_who_prepares_has_the_next_step_in_what_nobody_has_answered_for() -> None:
    work = BoardWork(BOARD, actions=(action(number=4), action(number=5, due=date(2025, 9, 1))),
                     remarks=(reason(OFF, RemarkKind.COMMENT),))  # fmt: skip
    explained = replace(MISSED, definition=catalogue().definitions["sip_coordinator"])
    work = replace(work, remarks=(*work.remarks, reason(explained, RemarkKind.NO_ACTION)))
    of_the_region = replace(THEIRS, unit=Unit("12", "Skåne", "region", None, None))
    rows = [THEIRS, CHIEFS, MISSED, REACHED, of_the_region, explained]
    found = next_steps(viewer(Role.CHIEF), rows, work, None, TODAY)
    assert [one.number for one in found.actions] == [4], "the other has half a year left"
    every = (*found.figures, *found.others, *found.theirs)
    asked = without_answer(rows, work.actions, work.remarks)
    assert set(map(id, every)) == set(map(id, (*asked, of_the_region))), "as a closing asks, and the region's to raise"
    assert (found.figures, found.others, found.theirs) == ((CHIEFS,), (MISSED,), (THEIRS, of_the_region))
    theirs = [one.row for one in matters(rows, work, TODAY) if one.kind is MatterKind.COUNTERPART]
    assert tuple(theirs) == found.theirs, "the card and the list agree"
    said = told(next_steps_section(found, MARCH, TODAY))
    assert "Starta en åtgärd eller skriv varför ingen behövs." in said, "a comment is no answer"
    assert said.startswith(
        "Du äger nästa steg i dessa två Åtgärd Åtgärd 4 Skulle ha varit klar 1~mars~2025 . Ansvarig:"
    )
    for role in (Role.PRESIDIUM, Role.AUDITOR):
        assert next_steps(viewer(role), [OFF, MISSED], work, None, TODAY).count == 0


def test_nobody_owns_the_step_of_another_office_or_of_the_counterpart() -> None:
    unit, rows, work = "1287-310", [THEIRS, CHIEFS, MISSED], BoardWork(BOARD)
    manager = Viewer("någon", (Grant(Role.UNIT_MANAGER, "1287", frozenset({BOARD}), frozenset({unit})),))
    own = next_steps(manager, rows, work, unit, TODAY)
    assert (own.figures, own.others) == ((MISSED,), ())
    assert own.theirs == ((THEIRS,) if THEIRS.definition.owner_role == "enhetschef" else ())
    assert "skriv varför" not in told(next_steps_section(replace(own, theirs=()), MARCH, TODAY)), "that is the chief's"
    controller = next_steps(viewer(Role.CONTROLLER), rows, work, None, TODAY)
    assert (controller.count, set(map(id, controller.others))) == (0, {id(CHIEFS), id(MISSED)})
    said = told(next_steps_section(controller, MARCH, TODAY))
    assert said.startswith("Andra äger nästa steg Någon annan äger nästa steg i två nyckeltal Nyckeltal")
    assert "Ägare: enhetschef." in said
    assert "Att ta upp med motparten, som avgör: ett nyckeltal" in said


def test_what_needs_no_look_is_folded_and_nothing_is_lost() -> None:
    off = [share_row(10 + at, 100, kpi_id="sip_met_30d") for at in range(9)]
    fine = [share_row(95, 100) for _ in range(4)]
    shown, folded = open_and_folded([*fine, *off])
    assert shown == off[:6]
    assert sorted(map(id, [*shown, *folded])) == sorted(map(id, [*fine, *off]))
    assert open_and_folded(fine) == (fine, []), "one alone is not folded"
    said = told(figure_table(overview(*off, *fine), BoardWork(BOARD), TODAY))
    assert "Visa sju nyckeltal till, varav tre utanför sin nivå" in said
    assert said.count("Ingen åtgärd") == 9
    assert said.count("Behövs inte nu") == 4


def test_a_figures_page_asks_for_no_more_than_the_reader_can_do() -> None:
    for may_comment, may_act, said in (
        (True, True, "Ingen åtgärd pågår. Starta en åtgärd, eller skriv varför ingen behövs innan perioden stängs."),
        (False, True, "Ingen åtgärd pågår. Starta en åtgärd innan perioden stängs."),
        (False, False, "Förvaltningen har inte svarat med någon åtgärd eller något skäl."),
    ):
        assert said in told(figure_work(MISSED, BOARD, [], [], TODAY, may_comment=may_comment, may_act=may_act))
