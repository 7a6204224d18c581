"""SIP-processen: what is counted is the viewer's own and agrees with the figures, on both databases; and the page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.app import create_app
from kpi.access import OPERATOR, AccessDenied, Role, Viewer
from kpi.attendance import Attended
from kpi.period import Period
from kpi.process import Step
from kpi.views.errors import NotFound
from kpi.views.organisation import read_organisation
from kpi.views.process import ProcessPage, process_page
from kpi.views.values import figure_values
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.filled import Filled
from tests.builders.process_world import AS_OF, MOVED, figures, fill, made, who
from warehouse.database import reading
from warehouse.settings import Settings

JUNE = Period.parse("2025-06")
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
"""The initiatives that June 2025 follows."""
PRESIDIUM, MANAGER = who(Role.PRESIDIUM), who(Role.UNIT_MANAGER, "1287-SN", "1287-A")


@pytest.fixture
def loaded(filled: Filled) -> Engine:
    return filled(fill)


def _page(engine: Engine, viewer: Viewer = PRESIDIUM, **more: Any) -> ProcessPage:
    with reading(engine) as connection:
        found = process_page(
            connection, figures(), viewer, read_organisation(connection), **({"month": JUNE} | more)
        )  # fmt: skip
    assert found is not None
    return found


def _is_the_social_boards(unit: str, day: date) -> bool:
    return unit != "1287-E" or day < MOVED


def _caller(plan: dict[str, Any]) -> str:
    return str(plan["calling_actor"] or plan["initiator_actor"])


def _counted(plans: Iterable[dict[str, Any]], column: str) -> int:
    return sum(plan[column] is not None for plan in plans)


def test_plans_are_counted_where_their_unit_lay_and_followed_to_the_months_end(loaded: Engine) -> None:
    plans, _, rounds = made()
    mine = [one for one in plans if FIRST <= one["initiated_on"] <= LAST
            and _is_the_social_boards(one["unit_code"], one["initiated_on"])]  # fmt: skip
    found = _page(loaded)
    whole = found.whole
    assert (found.first, found.last, found.until) == (Period.parse("2024-01"), Period.parse("2024-12"), AS_OF)
    assert found.is_whole
    assert whole.total == len(mine)
    for step in (Step.CALL, Step.MAPPING, Step.MEETING, Step.ACTIVITIES, Step.EVALUATION):
        assert whole.at(step).taken == _counted(mine, step.value), step
    has_first = {one["sip_id"] for one in rounds if one["follow_up_no"] == 1}
    held = {one["sip_id"] for one in rounds if one["held_on"] is not None and one["held_on"] <= AS_OF}
    followed = sum(
        one["sip_id"] in held or (one["sip_id"] not in has_first and one["followed_up_on"] is not None) for one in mine
    )
    assert whole.at(Step.FOLLOW_UP).taken == followed
    assert whole.left == sum(
        one["consent"] in ("declined", "withdrawn") or one["closed_reason"] == "moved" for one in mine
    )
    for parts in (found.by_caller, found.by_unit, found.by_month):
        assert sum(one.total for _, one in parts) == len(mine)
        assert sum(one.met for _, one in parts) == whole.met
    assert {caller: one.total for caller, one in found.by_caller} == {
        caller: sum(_caller(one) == caller for one in mine) for caller in {_caller(one) for one in mine}
    }
    school = _page(loaded, caller="skola")
    assert school.whole.total == dict(found.by_caller)["skola"].total
    assert school.matrix == found.matrix


def test_the_year_before_is_followed_as_long(loaded: Engine) -> None:
    plans, *_ = made()
    until = AS_OF - timedelta(days=365)
    mine = [one for one in plans if one["initiated_on"].year == 2023]
    found = _page(loaded).before
    assert found is not None
    assert found.total == len(mine)
    assert found.at(Step.EVALUATION).taken == sum(one["evaluated_on"] is not None and one["evaluated_on"] <= until
                                                  for one in mine)  # fmt: skip
    assert _page(loaded, month=JUNE.shift(-12)).before is None, "deliveries do not reach so far back"


def test_the_matrix_and_the_gap_say_what_the_figures_say(loaded: Engine) -> None:
    found = _page(loaded)
    with reading(loaded) as connection:
        absence = figure_values(connection, figures(), OPERATOR, "sip_absence_by_actor", unit_code="1287-SN",
                                first=JUNE.shift(-11), last=JUNE)  # fmt: skip
        gaps = figure_values(connection, figures(), OPERATOR, "sip_school_gap", unit_code="1287-SN")
    by_actor: dict[str, Attended] = {}
    for cell in (one for one in absence if one.split):
        actor, called, absent = (cell.split or ())[0][1], int(cell.denominator or 0), int(cell.numerator or 0)
        by_actor[actor] = by_actor.get(actor, Attended()).and_(called, called - absent)
    assert found.matrix.by_actor == {actor: one for actor, one in by_actor.items() if one.called}
    assert found.matrix.total.called
    stored = {one.period.last_day: (one.value, one.cases) for one in gaps}
    assert len(found.gaps) >= 4
    for gap in found.gaps:
        value, cases = stored[gap.last.last_day]
        assert gap.difference == pytest.approx(value)
        assert gap.cases == cases


def test_nobody_counts_anothers_rows(loaded: Engine) -> None:
    plans, *_ = made()
    unit_a = [one for one in plans if one["unit_code"] == "1287-A" and FIRST <= one["initiated_on"] <= LAST]
    assert _page(loaded, MANAGER).whole.total == len(unit_a)
    moved = [one for one in plans if one["unit_code"] == "1287-E" and MOVED <= one["initiated_on"] <= LAST]
    assert _page(loaded, who(Role.PRESIDIUM, "1287-BN")).whole.total == len(moved)
    assert _page(loaded, who(Role.PRESIDIUM, "1287-BN"), unit_code="1287-E").whole.total == len(moved)
    refused = [(MANAGER, "1287-B"), (MANAGER, "1287-SN"), (PRESIDIUM, "1287-BN"), (PRESIDIUM, "1287-E"),
               (PRESIDIUM, "1287"), (who(Role.MEMBER), "1287-SN"), (who(Role.DELREGIONAL), None)]  # fmt: skip
    for viewer, unit in refused:
        with pytest.raises(AccessDenied):
            _page(loaded, viewer, unit_code=unit)
    with pytest.raises(NotFound):
        _page(loaded, unit_code="okänd")


def test_the_page_says_it_in_words(loaded: Engine, tmp_path: Path) -> None:
    being = LoginAs(PRESIDIUM)
    app = create_app(loaded, Settings(data_dir=tmp_path), login=being)

    def told(search: str) -> tuple[int, str]:
        answer = post(app.server.test_client(), PAGE, ["/sip-processen", search, 0])
        return answer.status_code, words(json.loads(answer.data)["response"]["main"]["children"])

    found = _page(loaded)
    status, page = told("?manad=2025-06")
    assert status == 200
    assert f"Av {found.whole.total} initiativ ledde {found.whole.met} till ett möte , i median efter" in page
    assert "har stannat på vägen" in page
    assert "Initiativ januari 2024 – december 2024, följda till och med 30 juni 2025" in page
    assert "När skolan kallar deltog" in page
    assert "En månad leder till underlaget" not in page, "the presidium reads no rows"
    assert "skolan kallade ledde" in told("?manad=2025-06&kallande=skola")[1]
    assert told("?manad=2025-06&kallande=x")[0] == 404
    being.is_now = MANAGER
    assert "En månad leder till underlaget" in told("?manad=2025-06")[1]
    sent = post(app.server.test_client(), PAGE, ["/sip-processen", "?manad=2025-06", 0]).text
    assert "dag=mote&kallande=socialtjanst&kallad=bup&fran=%2Fsip-processen%3F" in sent, "a number leads to its plans"
    being.is_now = who(Role.CHIEF, "1287-BN")
    assert "Inga initiativ till SIP där öppna förskolan kallade hör till" in told("?kallande=oppen_forskola")[1]
