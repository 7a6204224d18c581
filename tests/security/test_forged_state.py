"""State that comes back from the browser changed: stores, pattern ids, buttons, cookies, what the body says of itself.

What is the reader's own is answered, so that these tests can fail; the rest is refused, and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from dashboard.app import create_app
from dashboard.login.demo import COOKIE, PERSONAS, DemoLogin
from kpi.access import Role
from tests.builders.asked import REFUSED, Asked
from tests.builders.attacked_world import OWN_UNIT, REASON, World, viewer_as
from tests.builders.dash_calls import PAGE, demo_client, post
from warehouse.audit_tables import access_review
from warehouse.database import reading
from warehouse.handover_tables import row_handover
from warehouse.settings import Settings
from warehouse.tables import job_request

ROWS, DECIDE, GIVE = "cases-rows.children", "..poll.disabled...decided.children..", "handover-done.children"
SURROGATE, NUL = "\ud800", "\x00"


def cell(identity: object, value: Any, name: str = "value") -> dict[str, Any]:
    return {"id": identity, "property": name, "value": value}


def rows_of(asked: Any, page: Any = None) -> dict[str, Any]:
    """The body of a reading of rows; `page`: the button of another page has been pressed."""
    identity = {"page": page, "type": "cases-page"}
    buttons = [] if page is None else [cell(identity, 1, "n_clicks")]
    pressed = "cases-show" if page is None else json.dumps(identity, separators=(",", ":"))
    inputs = [cell("cases-asked", asked, "data"), cell("cases-show", 1, "n_clicks"), buttons]
    return {"inputs": inputs, "changedPropIds": [f"{pressed}.n_clicks"]}


def own(**changes: Any) -> dict[str, Any]:
    return {"dataset": "deviations", "unit": OWN_UNIT, "month": "2025-02", "page": 1} | changes


# --- stores -----------------------------------------------------------------


def test_the_question_as_it_was_sent_out_is_answered(ask: Asked) -> None:
    assert "rad-1287-SN-A-0" in ask.call(Role.CHIEF, ROWS, [], [REASON], **rows_of(own())).text


@pytest.mark.parametrize(
    "changes",
    [
        *({"dataset": one} for one in ("sip_participants", "audit_event", "login_session", "deviations; --", "", NUL)),
        *({"unit": one} for one in ("1287", "", "%", "_", "*", "1287-SN-A' --", NUL, SURROGATE, "x" * 400)),
        *({"month": one} for one in ("2025", "2025-T1", "0001-01", "9999-12", "-1", "", "2025-02' --", SURROGATE)),
        *({"page": one} for one in (0, -1, 2, 1e9, 1.5, "1", "sista")),
    ],
    ids=repr,
)
def test_a_changed_question_gives_no_row(ask: Asked, changes: dict[str, Any]) -> None:
    answer = ask.call(Role.CHIEF, ROWS, [], [REASON], **rows_of(own(**changes)))
    assert (answer.status_code in REFUSED, "rad-1287" in answer.text) == (True, False)


@pytest.mark.parametrize(
    "store", [[], "x", 3, True, {"unit": None}, {"unit": [OWN_UNIT]}, {"unit": {}}, None], ids=repr
)
def test_a_store_of_another_shape_is_refused(ask: Asked, store: Any) -> None:
    assert ask.call(Role.CHIEF, ROWS, [], [REASON], **rows_of(store)).status_code in REFUSED


@pytest.mark.parametrize("page", [0, -1, 99, "2", "', 1", 2**70])
def test_a_page_button_that_was_never_shown_gives_no_row(ask: Asked, page: Any) -> None:
    answer = ask.call(Role.CHIEF, ROWS, [], [REASON], **rows_of(own(), page))
    assert answer.status_code in REFUSED
    assert "rad-1287" not in answer.text


@pytest.mark.parametrize("number", [0, -1, 10**9, 1.5, "1", True, [1], {"a": 1}])
def test_a_handed_over_number_that_is_none_is_refused(ask: Asked, number: Any) -> None:
    assert ask.call(Role.AUDITOR, "handover-rows.children", [number]).status_code in REFUSED


@pytest.mark.parametrize("size", [0, -3, 10**6, 1.5, "3", True, None])
def test_a_size_that_is_none_hands_nothing_over(ask: Asked, size: Any) -> None:
    before = _count(ask.world, row_handover)
    ask.call(Role.CHIEF, GIVE, [1], [size, REASON, own()])
    ask.call(Role.CHIEF, GIVE, [1], [2, "kort", own()])
    assert _count(ask.world, row_handover) == before


@pytest.mark.parametrize("period", ["2025", "2025-T1", "2025-H1", "2031-01", "9999-12", "x", SURROGATE, None])
def test_a_changed_period_or_finding_signs_nothing(ask: Asked, period: Any) -> None:
    """No text, a text of another finding, or texts without findings."""
    key = next(one for one in _callbacks(ask.world) if "review-result" in one)
    text = cell({"type": "review-text", "finding": "påhittad"}, "Utan anmärkning.")
    for texts, ids in (([text], [cell(text["id"], text["id"], "id")]), ([text], []), ([], [])):
        state = [texts, ids, cell("review-period", period, "data"), cell("address", "", "search")]
        answer = ask.call(Role.DPO, key, [1], state=state)
        assert answer.status_code == 400 if period == SURROGATE else '"notice"' in answer.text
    assert _count(ask.world, access_review) == 0


@pytest.mark.parametrize("base", [{}, {"digest": "0" * 64, "part": ""}, {"digest": "", "part": "+"}, [], "x", None])
def test_a_changed_base_saves_nothing(ask: Asked, base: Any) -> None:
    path = ask.world.app.server.config["SAMKOLL_SETTINGS"].definitions
    before = path.read_bytes()
    for pressed in ("definition-save.n_clicks", "definition-try.n_clicks", "x.n_clicks"):
        state = ["figures: {}", REASON, base]
        name = "..definition-result.children...definition-base.data.."
        ask.call(Role.CONTROLLER, name, [1, 1], state, changedPropIds=[pressed])
    assert path.read_bytes() == before


# --- buttons that were never shown ------------------------------------------


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "decide", "kind": "approve", "delivery": 0}, {"type": "decide", "kind": "approve", "delivery": -1},
        {"type": "decide", "kind": "approve", "delivery": 2**40}, {"type": "decide", "kind": "approve"},
        {"type": "decide", "kind": "drop", "delivery": 4}, {"type": "decide", "kind": "", "delivery": 4},
        {"type": "decide", "kind": "approve", "delivery": "4 or 1=1"}, {"type": "annat"}, {},
    ],
    ids=str,
)  # fmt: skip
def test_a_button_that_was_never_shown_asks_for_nothing(ask: Asked, identity: dict[str, Any]) -> None:
    pressed = [f"{json.dumps(identity, separators=(',', ':'))}.n_clicks"]
    body = {"inputs": [[cell(identity, 1, "n_clicks")]], "changedPropIds": pressed}
    ask.call(Role.CONTROLLER, DECIDE, [], **body)
    held = {"type": "decide", "kind": "refuse", "delivery": ask.world.own_held}
    shown_to_none = f"{json.dumps(held, separators=(',', ':'))}.n_clicks"
    body = {"inputs": [[cell(held, 1, "n_clicks")]], "changedPropIds": [shown_to_none]}
    for role in (Role.PRESIDIUM, Role.CHIEF, Role.AUDITOR):  # who see the delivery, and no button
        assert ask.call(role, DECIDE, [], **body).status_code == 403
    assert _count(ask.world, job_request) == 0


# --- what the body says of itself -------------------------------------------

_DEEP = '{"a":' * 90 + "1" + "}" * 90


@pytest.mark.parametrize(
    "changed",
    [
        ["{x.n_clicks"], ['{"a":}.n_clicks'], ["{.x", "{.y"], [f"{_DEEP}.n"], ['{"a":[1]}.n'], ['{"a":NaN}.n'],
        ['{"a":null}.n'], ["{}"], [1], "x", {}, None, ["x" * 501],
    ],
    ids=repr,
)  # fmt: skip
def test_what_has_changed_is_told_in_the_form_that_the_browser_tells_it(ask: Asked, changed: Any) -> None:
    identity = {"type": "decide", "kind": "approve", "delivery": ask.world.own_held}
    body = {"inputs": [[cell(identity, 1, "n_clicks")]], "changedPropIds": changed}
    answer = ask.call(Role.CONTROLLER, DECIDE, [], **body)
    assert (answer.status_code, _count(ask.world, job_request)) in ((400, 0), (200, 0))


@pytest.mark.parametrize(
    "changed", [[], ["nodot"], ["."], ["null.x"], ["address.pathname", "address.search"]], ids=repr
)
def test_what_the_browser_may_send_is_answered(ask: Asked, changed: Sequence[str]) -> None:
    assert ask.call(Role.PRESIDIUM, PAGE, ["/nyckeltal", "", 0], changedPropIds=changed).status_code == 200


@pytest.mark.parametrize(
    "outputs",
    [
        [], None, "main.children", {"id": "main", "property": "children"}, [{"id": "main"}] * 3, [1, 2, 3],
        [{"id": "navigation", "property": "children"}] * 3, [{"id": {"type": "x"}, "property": "children"}] * 3,
        [{"id": "main", "property": "children"}, {"id": "navigation", "property": "children"}],
    ],
    ids=repr,
)  # fmt: skip
def test_other_outputs_than_the_callbacks_own_are_refused(ask: Asked, outputs: Any) -> None:
    assert ask.call(Role.PRESIDIUM, PAGE, ["/", "", 0], outputs=outputs).status_code == 400


@pytest.mark.parametrize("without", ["id", "property"])
def test_an_input_that_is_half_told_is_refused(ask: Asked, without: str) -> None:
    inputs = [cell("address", "/", "pathname"), cell("address", "", "search"), cell("viewer-changed", 0, "data")]
    del inputs[0][without]
    assert ask.call(Role.PRESIDIUM, PAGE, [], inputs=inputs).status_code == 400
    for other in ("output", "outputs", "inputs"):
        assert ask.call(Role.PRESIDIUM, PAGE, ["/", "", 0], **{other: 7}).status_code == 400


def test_a_page_that_the_reader_has_left_is_not_asked_for_by_the_clock(ask: Asked) -> None:
    key = next(one for one in _callbacks(ask.world) if one.startswith("main.children@"))
    for path in ("/anvandare", "/atkomst", "/underlag", "x", None):
        assert ask.call(Role.CONTROLLER, key, [1], [path, "?enhet=1263"]).json == {"multi": True, "response": {}} or (
            ask.call(Role.CONTROLLER, key, [1], [path, ""]).status_code == 204
        )


_ODD = [
    None, "", "/", NUL, SURROGATE, "1287", "'; --", 0, 1, -1, 2**62, [], [None], [1], ["x"], [SURROGATE], {},
    {"a": "b"}, {"a": SURROGATE}, {SURROGATE: 1}, [{"a": SURROGATE}],
    "?enhet=1287-SN&manad=" + SURROGATE, "?sida=9999999",
]  # fmt: skip


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.ADMIN], ids=str)
def test_no_callback_breaks_whatever_it_is_given(ask: Asked, role: Role) -> None:
    """The same value everywhere, then each in one place among what is empty; a list is sent as a pattern's matches."""
    ask.world.login.is_now = viewer_as(role)
    for key, rule in _callbacks(ask.world).items():
        empty: list[Any] = [[] if takes.name.endswith("S") else None for takes in rule.takes]
        tried = [[odd] * len(empty) for odd in _ODD]
        tried += [
            [*empty[:at], odd, *empty[at + 1 :]] for at in range(len(empty)) for odd in (SURROGATE, [SURROGATE], None)
        ]
        for values in tried:
            inputs = [_as_sent(at, value) for at, value in enumerate(values)]
            answer = post(ask.client, key, [], inputs=inputs)
            assert answer.status_code < 429, (key, ascii(values))


def _as_sent(at: int, value: Any) -> Any:
    if not isinstance(value, list):
        return cell(f"i{at}", value)
    return [cell({"type": "t", "n": number}, one) for number, one in enumerate(value)]


# --- cookies ----------------------------------------------------------------


def test_a_cookie_of_a_role_that_does_not_exist_is_the_first_role(world: World) -> None:
    """In the demo anybody may be any role; no cookie makes an operator, or breaks."""
    app = create_app(world.engine, _demo_settings(world), login=DemoLogin())
    first = _places(demo_client(app))
    for value in ("operator", "kommandoraden", "", "%00", "presidium'--", "x" * 3000, "dpo", "admin"):
        assert _places(demo_client(app, value)) == first, value
    assert _places(demo_client(app, "ledamot")) != first
    client = demo_client(app)
    for code, statuses in (("operator", {200, 204}), ("", {200, 204}), (None, {200, 204}), (SURROGATE, {400})):
        answer = post(client, "viewer-changed.data", [code], [0])
        assert answer.status_code in statuses, ascii(code)
        assert COOKIE not in {one.split("=")[0] for one in answer.headers.getlist("Set-Cookie")}
    assert {one.code for one in PERSONAS}.isdisjoint({"operator", "kommandoraden"})
    both = set(app.server.config["SAMKOLL_CALLBACKS"]) - set(_callbacks(world))
    assert both == {"persona.value", "viewer-changed.data"}, "the demo's own callbacks, which are asked here"


def _demo_settings(world: World) -> Settings:
    settings: Settings = world.app.server.config["SAMKOLL_SETTINGS"]
    return settings.model_copy(update={"login": None})


def _places(client: Any) -> str:
    return json.dumps(post(client, PAGE, ["/definitioner", "", 0]).json["response"].get("navigation"))


def _callbacks(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.app.server.config["SAMKOLL_CALLBACKS"]
    return found


def _count(world: World, table: Any) -> int:
    with reading(world.engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)
