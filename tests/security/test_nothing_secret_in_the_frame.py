"""What every reader is sent before anything is asked for, and what pages leave in the browser: nothing of anybody's."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, update

from dashboard import kept
from dashboard.case_parameters import NAMES
from dashboard.places import ADDRESSES
from kpi.access import Place, Role
from tests.builders.asked import Asked, RoleOrNone, may
from tests.builders.attacked_world import EVERY_ROLE, FIGURE, OWN_BOARD, OWN_UNIT, UNITS, World, marks_met, viewer_as
from tests.builders.dash_calls import PAGE, post
from tests.builders.english import english_in
from tests.builders.packages import SHARE
from warehouse.database import writing
from warehouse.settings import ROOT
from warehouse.tables import VERSIONED

FRAME = ("/", "/leveranser", "/_dash-layout", "/_dash-dependencies")
OWN_WORDS = {one["name"] for one in UNITS} | {one["unit_code"] for one in UNITS if "-" in one["unit_code"]}
roles = pytest.mark.parametrize("role", EVERY_ROLE[:-1], ids=str)


@pytest.mark.parametrize("role", [Role.CHIEF, Role.DPO, Role.ADMIN], ids=str)
def test_the_frame_holds_nobodys_words(ask: Asked, role: Role) -> None:
    """No unit, user, token, session, file or group, and not what proves where a request is from."""
    for address in FRAME:
        if address == "/leveranser" and not may(role, Place.DELIVERIES):
            continue
        text = ask.get(role, address).get_data(as_text=True)
        assert [one for one in OWN_WORDS if one in text] == [], address
        assert viewer_as(role).user not in text
        for secret in ("samkoll_", "samkoll-csrf", "bearer", ask.world.own_user, "egen-fil", "egen-grupp"):
            assert secret not in text.lower(), (address, secret)


def test_the_frame_is_the_same_for_everybody(ask: Asked) -> None:
    for address in ("/", "/_dash-layout", "/_dash-dependencies"):
        told = {_without_nonce(ask.get(role, address).get_data(as_text=True)) for role in EVERY_ROLE[:-1]}
        assert len(told) == 1, address


def _without_nonce(text: str) -> str:
    """Without what is drawn anew for each document, by us and by the framework."""
    return re.sub(r'nonce="[^"]+"|"end_id":"[^"]+"', "", text)


def parts(rendered: Any) -> Iterator[dict[str, Any]]:
    """Every component of an answer."""
    if isinstance(rendered, dict):
        if "type" in rendered and "props" in rendered:
            yield rendered
        for one in rendered.values():
            yield from parts(one)
    elif isinstance(rendered, list):
        for one in rendered:
            yield from parts(one)


STORES = {
    "cases-asked": {"dataset", "unit", "month", "page", "due", "effect", "way", *NAMES},
    "handover-open": int, "definition-base": {"digest", "part"},
    "plan-about": {"form", "plan", "board", "risk", "control", "seen", "edits", "steps"},
    "assessment-seen": {"board", "period", "subject", "side", "unit", "follows"},
    "evidence-targets": dict,  # what each list is about, by its number, and its name on the page
    "closing-chosen": {"board", "period"}, "closing-reason": str, "closing-rule-seen": {"board", "every"},
    "year-about": dict,  # the edits of each day that the reader may change, by its number
    "saved-view-about": {"address"}, "feedback-about": {"page"},
    "review-period": str, "action-about": {"board", "number", "seen"},
    "series-about": {"board", "unit", "category", "counterpart", "until", "follows"},
    **{f"remark-{kind}-about": {"board", "kpi", "period", "seen"} for kind in ("comment", "no-action", "counterpart")},
}  # fmt: skip
"""The stores of pages: names of what is asked for, and never what is answered."""
PATTERNS = {
    "graph": {"name"}, "schemes": {"name"}, "decide": {"kind", "delivery"}, "end-user": {"user"},
    "withdraw-token": {"token"}, "review-text": {"finding"}, "cases-page": {"page"},
    "cases-case": {"case", "page"}, "plan-field": {"name"},
    "remove-view": {"number"},
    "assessment-confirm": {"number"}, "notice-read": {"number"}, "decision-tell": {"key"},
    **{
        f"{form}-field": {"name"} for form in (
            "action-new", "action-change", "action-begin", "action-finish", "action-cancel", "action-reopen",
            "action-comment", "action-judge", "action-rebase", "action-unmark",
            "remark-comment", "remark-no-action",
            "remark-counterpart", "saved-view", "feedback",
            "year-accept", "year-add", "year-move", "year-cancel", "year-finish",
            "series-close",
        )
    },
}  # fmt: skip
OF_EVERYBODY = ("/sok", "/vyer", "/guide", "/ordlista", "/tillganglighet")
SEARCHES = {
    "/underlag": f"?enhet={OWN_UNIT}&manad=2025-02",
    f"/nyckeltal/{FIGURE}": f"?enhet={OWN_UNIT}",
    "/atgarder": "?ny=1",
}


def test_english_would_be_found() -> None:
    props = {"children": ["Visa ", {"type": "Code", "props": {"children": "when"}}], "aria-label": "Close", "id": "all"}
    assert english_in({"type": "Div", "namespace": "x", "props": props}) == {"close"}
    figure = {"data": {"layout": {"title": {"text": "Loading"}}, "data": [{"name": "none", "mode": "text"}]}}
    assert english_in(figure) == {"loading", "none"}


@roles
def test_stores_and_pattern_ids_name_what_is_asked_for_and_hold_no_answer(ask: Asked, role: Role) -> None:
    """What a reader leaves in the browser tells little: no row, no token, no session, no other board's code."""
    paths = [*ADDRESSES.values(), f"/atgarder/{ask.world.own_action}", f"/nyckeltal/{FIGURE}", f"/jamforelse/{SHARE}"]
    for path in [*paths, *OF_EVERYBODY]:
        answer = ask.page(role, path, SEARCHES.get(path, ""))
        assert english_in(answer.json["response"]) == set(), (path, "every word that is shown is Swedish")
        for one in parts(answer.json["response"]):
            props = one["props"]
            identity = props.get("id")
            if isinstance(identity, dict):
                assert set(identity) - {"type"} == PATTERNS[identity["type"]], identity
                assert len(json.dumps(identity)) < 120
                if identity["type"] == "schemes":
                    continue
            if one["type"] != "Store" or identity is None or isinstance(identity, dict):
                continue
            shape, data = STORES[identity], props["data"]
            assert set(data) <= shape if isinstance(shape, set) else isinstance(data, shape)
            assert "storage_type" not in props or props["storage_type"] == "memory", "nothing outlives the page"
            assert marks_met(json.dumps(data), role) == []


@pytest.mark.parametrize("path", ["/", "/jamforelse", "/leveranser", "/underlag", "/definitioner"])
def test_nothing_is_kept_from_one_reader_for_the_next(ask: Asked, path: str) -> None:
    """Two readers after each other, in both orders: each gets what is its own, whoever was there before."""
    readers: tuple[RoleOrNone, ...] = (Role.CHIEF, Role.UNIT_MANAGER, Role.MEMBER, None)
    alone = {}
    for role in readers:
        kept._kept.clear()
        alone[role] = _shown(ask.world, role, path)
    for first, second in permutations(readers, 2):
        _shown(ask.world, first, path)
        assert _shown(ask.world, second, path) == alone[second], (first, second)
    assert len(set(alone.values())) > 1


def test_what_is_written_is_seen_at_once_where_something_is_kept(ask: Asked) -> None:
    role = Role.PRESIDIUM
    before = _shown(ask.world, role, "/")
    assert [one for one in kept._kept if viewer_as(role).grants in one], "something is kept"
    board = VERSIONED["org_units"]
    own = board.c.unit_code == OWN_BOARD
    with writing(ask.world.engine) as connection:
        name = connection.scalar(select(board.c.name).where(own))
        connection.execute(update(board).where(own).values(name="Nynamnet"))
    assert "Nynamnet" in _shown(ask.world, role, "/")[1]
    with writing(ask.world.engine) as connection:
        connection.execute(update(board).where(own).values(name=name))
    assert _shown(ask.world, role, "/") == before


def _shown(world: World, role: RoleOrNone, path: str) -> tuple[int, str]:
    world.login.is_now = viewer_as(role)
    answer = post(world.app.server.test_client(), PAGE, [path, "", 0])
    return answer.status_code, answer.text


KEPT = {
    "control/audit/hours.py _holidays": "days of a year",
    "control/definition_history.py _kept": "what differs between two texts of the definitions, the same for all",
    "control/login/sessions.py _seen": "when sessions, by their hashes, were seen last; until it is written",
    "control/notices/targets.py _read": "definitions by their text, the same for every reader",
    "control/papers/cut.py _read": "definitions by their text, the same for every reader",
    "control/plan/content.py _adapter": "of the program", "control/plan/proposed.py proposal": "of the program",
    "control/typesetting/setting.py _fonts": "our fonts",
    "dashboard/kept.py _kept": "by the grants, the definitions, the day and all that is committed, without a name",
    "dashboard/kept.py _stamps": "what tells that something is committed, by the database",
    "kpi/grid.py grid_of": "the organisation's tree, by its content; what of it is shown is each view's",
    "kpi/json_schema.py _kinds": "of the program", "kpi/json_schema.py _raw": "of the program",
    "kpi/json_schema.py every_key": "of the program",
    "kpi/loader.py _read": "definitions by the file's bytes, the same for every reader",
    "kpi/period.py _days": "days of the calendar",
    "kpi/period.py _of_code": "days of the calendar",
    "kpi/program.py _kept": "compiled definitions, without rows", "kpi/program.py _kept_changes": "as _kept",
    "kpi/views/counted_once.py _kept": "counts by the deliveries and by whose rows are counted, without a name",
    "kpi/views/snapshot.py _open": "by the connection of one transaction, which is one reader's and is gone with it",
    "kpi/workspace.py _calendar": "days", "kpi/workspace.py _kept_statement": "SQL by a table's name",
}  # fmt: skip
"""Everything that a process remembers between requests, and why it may be anybody's. One that depends on what a viewer
may see must be keyed by that, and is better not kept at all."""


def test_what_is_kept_between_requests_has_a_reason() -> None:
    """What a function or an object keeps lives as long as one request, and is not counted."""
    files = (path for room in ("control", "dashboard", "kpi", "warehouse") for path in (ROOT / room).rglob("*.py"))
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in files
        for statement in ast.parse(path.read_text("utf-8")).body
        for name in _remembers(statement)
    }
    assert found == set(KEPT)


def _remembers(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef):
        return [statement.name] if "cache" in " ".join(map(ast.unparse, statement.decorator_list)) else []
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return []
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    begins_empty = re.fullmatch(
        r"\{\}|\[\]|(\w*Dict\w*|dict|list|set|defaultdict)\(\w*\)", ast.unparse(statement.value)
    )
    return [ast.unparse(one) for one in targets] if begins_empty else []
