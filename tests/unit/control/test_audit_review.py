"""What stands out in a month of the log, and what does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from control.audit.event import Event
from control.audit.hours import is_usual, is_working_day
from control.audit.review import KNOWN_BY, MANY_FILES, MANY_ROWS, MANY_TRIALS, Finding, review
from tests.builders.audit import NOON, chain, content

OTHERS = ("Enhetschef A", "Enhetschef B", "Enhetschef C")


def read(actor: str, rows: int, **more: Any) -> Any:
    return content(actor=actor, rows=None, row_count=rows, **more)


def found(*contents: Any, earlier: Any = (), months: int = 1) -> list[tuple[str, str]]:
    return [(one.rule, one.actor) for one in unusual(contents, earlier, months)]


def unusual(contents: Any, earlier: Any = (), months: int = 1) -> tuple[Finding, ...]:
    return review(chain(list(contents)), chain(list(earlier)), months, name_of=lambda code: f"Enhet {code}")


def test_a_quiet_month_has_nothing_unusual() -> None:
    assert found(*(read(actor, 5) for actor in OTHERS)) == []
    assert found() == []


def test_much_is_more_than_three_times_what_others_of_the_role_read() -> None:
    usual = [read(actor, 40) for actor in OTHERS]
    assert found(*usual, read("Enhetschef D", 120)) == []
    assert found(*usual, *(read("Enhetschef D", 11) for _ in range(11))) == [("rows", "Enhetschef D")]
    assert found(*usual, *(read("Controller", 60, roles="controller") for _ in range(2))) == [("rows", "Controller")]
    one = unusual([*usual, read("Enhetschef D", 121)])[0]
    assert one.sentence == "Enhetschef D läste 121 rader om enskilda, mer än vanligt."
    assert one.evidence == "Andra med samma roll: 40 (medianen)."
    assert one.events == (4,)


def test_little_is_never_much() -> None:
    assert found(read("Enhetschef A", MANY_ROWS), *(read(actor, 0) for actor in OTHERS[1:])) == []
    assert found(read("Enhetschef A", MANY_ROWS + 1), *(read(actor, 0) for actor in OTHERS[1:]), months=3) == []


def test_files_are_counted_one_by_one() -> None:
    files = [content(action="export", actor="Controller", rows=None, row_count=None) for _ in range(MANY_FILES + 1)]
    assert found(*files) == [("files", "Controller")]
    assert found(*files[1:]) == []


def test_two_of_the_same_name_are_told_apart() -> None:
    half = MANY_ROWS // 2 + 1
    mine, other = (read("Kim", half, details={"who": tag}) for tag in ("a1", "b2"))
    assert found(mine, other) == []
    assert found(mine, mine) == [("rows", "Kim")]
    assert found(mine, mine, earlier=[other]) == [("rows", "Kim (a1)")]
    assert found(mine, read("Kim", half)) == [("rows", "Kim")], "what was recorded before there were tags"


def test_trials_are_counted() -> None:
    trial = {"action": "definitions_previewed", "actor": "Controller", "rows": None, "row_count": None}
    trials = [content(**trial) for _ in range(MANY_TRIALS + 1)]
    assert found(*trials) == [("trials", "Controller")]
    assert found(*trials[1:]) == []
    assert found(content(**trial, at=datetime(2026, 10, 7, 2, tzinfo=UTC))) == [("hours", "Controller")]


@pytest.mark.parametrize(
    ("at", "usual"),
    [
        (datetime(2026, 10, 7, 3, 59, tzinfo=UTC), False),  # 05.59 in Sweden
        (datetime(2026, 10, 7, 4, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 7, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 7, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 4, 18, 59, tzinfo=UTC), True),  # winter time
        (datetime(2026, 10, 10, 10, 0, tzinfo=UTC), False),  # a Saturday
        (datetime(2026, 12, 24, 10, 0, tzinfo=UTC), False),
    ],
)
def test_hours_follow_the_swedish_clock(at: datetime, usual: bool) -> None:
    assert is_usual(at) is usual
    assert found(read("Enhetschef A", 2, at=at)) == ([] if usual else [("hours", "Enhetschef A")])
    assert found(read("Enhetschef A", 2, at=at, action="login")) == []


def test_the_days_off_of_2026() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not is_working_day(day)]
    assert off == [
        "01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-19", "12-24", "12-25", "12-31",
    ]  # fmt: skip


def test_when_it_was_is_told_for_the_first_four() -> None:
    late = [read("Enhetschef A", 1, at=datetime(2026, 10, 13, 20, 47, tzinfo=UTC)) for _ in range(6)]
    one = unusual(late)[0]
    assert one.sentence == "Enhetschef A läste eller hämtade uppgifter 6 gånger utanför arbetstid."
    assert one.evidence.startswith("Det var tisdag 2026-10-13 kl. 22.47, ")
    assert one.evidence.endswith(" och 2 till.")


def test_another_unit_than_the_usual_is_told_once_the_usual_is_known() -> None:
    before = [read("Enhetschef A", 2) for _ in range(KNOWN_BY)]
    elsewhere = read("Enhetschef A", 2, unit_code="1287-S")
    assert found(elsewhere, earlier=before[1:]) == []
    assert found(read("Enhetschef A", 2), earlier=before) == []
    (one,) = unusual([elsewhere], before)
    assert one.sentence == "Enhetschef A läste om enskilda vid en annan enhet än vanligt: Enhet 1287-S."
    assert one.evidence == "Läser annars Enhet 1287-N."


@pytest.mark.parametrize("action", ["access_refused", "login_refused"])
def test_three_refusals_are_told(action: str) -> None:
    tries = [content(action=action, actor="Ledamot", resource="/leveranser", at=NOON) for _ in range(3)]
    assert found(*tries[1:]) == []
    (one,) = unusual(tries)
    assert (one.sentence, one.evidence) == ("Ledamot nekades 3 gånger.", "Det gällde /leveranser.")


def test_a_findings_id_is_its_rules_and_users() -> None:
    events: list[Event] = chain([content(action="access_refused", actor=actor) for actor in (*"ab", *"ab", *"ab")])
    ids = [one.id for one in review(events, ())]
    assert len(set(ids)) == 2
    assert ids == [one.id for one in review(events, ())]
