"""Broken object-level access by callbacks: each one on the server × every role × what is another's, posted directly.

A new callback without a case fails here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.components.plan_forms import Form
from dashboard.rules import CallbackRule
from kpi.access import Place, Role
from kpi.period import Period, PeriodType
from tests.builders.asked import REFUSED, Asked, RoleOrNone, may
from tests.builders.attacked_world import (
    EVERY_ROLE,
    FIGURE,
    FOREIGN_ASSESSMENT,
    FOREIGN_BOARD,
    FOREIGN_PAPER,
    FOREIGN_UNIT,
    MOVED,
    OTHER_ASSESSMENT,
    OTHER_BOARD,
    OTHER_UNIT,
    OTHERS,
    OWN_BOARD,
    OWN_UNIT,
    REASON,
    Controlled,
    World,
)
from tests.builders.dash_calls import PAGE
from warehouse import clock
from warehouse.database import reading
from warehouse.tables import job_request

roles = pytest.mark.parametrize("role", EVERY_ROLE, ids=str)


def cell(identity: object, value: Any, name: str = "value") -> dict[str, Any]:
    return {"id": identity, "property": name, "value": value}


def changed(identity: Mapping[str, Any] | str) -> list[str]:
    told = identity if isinstance(identity, str) else json.dumps(identity, separators=(",", ":"))
    return [f"{told}.n_clicks"]


Case = tuple[Sequence[Any], Sequence[Any], Mapping[str, Any]]
"""Inputs, states and what else the body holds."""


def pressed(identity: Mapping[str, Any], *, before: Sequence[Any] = (), after: Sequence[Any] = ()) -> dict[str, Any]:
    """A body in which a button of a pattern has been pressed."""
    return {"inputs": [*before, [cell(identity, 1, "n_clicks")], *after], "changedPropIds": changed(identity)}


def fields(form: str, **values: str) -> list[list[dict[str, Any]]]:
    """A form's fields and their ids, as the browser sends them."""
    ids = [{"type": f"{form}-field", "name": name} for name in values]
    return [
        [cell(one, values[one["name"]]) for one in ids],
        [cell(one, one, "id") for one in ids],
    ]


def asked_for(unit: str, month: str = "2025-03", dataset: str = "deviations") -> dict[str, Any]:
    return {"dataset": dataset, "unit": unit, "month": month, "page": 1}


def assessment_of(seen: Mapping[str, str]) -> list[Any]:
    """The form's states, whole: only whose it is may be wrong."""
    return ["2", "Samverkan följs upp vid varje möte.", "", "", "", ["without"], seen, ""]


def cases(world: World) -> dict[str, list[Case]]:
    """What each callback is asked about another's objects, by the outputs that it answers."""
    rows = [(unit, month) for unit in OTHERS for month in ("2025-03",)] + [(MOVED, "2025-03"), (MOVED, "2025-04")]
    decide = [
        {"delivery": number, "kind": kind, "type": "decide"}
        for kind in ("approve", "refuse") for number in (world.foreign_held, 999)
    ]  # fmt: skip
    end = {"type": "end-user", "user": world.foreign_user}
    withdraw = {"token": world.foreign_token, "type": "withdraw-token"}
    assess = [
        {"board": board, "period": "2025-T1", "subject": "question_1", "side": side, "unit": unit}
        for board, unit in ((OTHER_BOARD, OTHER_UNIT), (FOREIGN_BOARD, FOREIGN_UNIT), ("okänd", "okänd"))
        for side in ("presidium", "administration", "unit")
    ]  # fmt: skip
    assess.append(assess[2] | {"board": OWN_BOARD})
    shown = cell("address", "", "search")
    plans = [
        {"form": form, "plan": 999, "board": board, "seen": "0" * 64, "risk": "x", "edits": 0, "steps": 4}
        for form, board in zip(Form, ("1263-SN", "1287-BN") * len(Form), strict=False)
    ]
    plan = {"decided_on": "2025-11-12", "paragraph": "1", "registration_number": "SN 1", "reason": REASON} | {
        "year": "2026", "start": "proposed", "category": "legal", "handling": "accept", "probability": "1",
        "consequence": "1", "audit_question": "1", "method": "total", "frequency": "year",
    }  # fmt: skip
    ids = [{"name": name, "type": "plan-field"} for name in plan]
    typed = [cell(one, plan[one["name"]]) for one in ids], [cell(one, one, "id") for one in ids]
    return {
        PAGE: [],  # above
        "address.search": [(["1263-SN"], ["?enhet=1263"], {"changedPropIds": ["choice-place.value"]})],
        "..poll.disabled...decided.children..": [([], [], pressed(one)) for one in decide],
        "main.children": [([1], ["/leveranser", f"?leverans={world.foreign_held}"], {})],
        "..definition-result.children...definition-base.data..": [
            ([None, 1], ["x", REASON, {"digest": "0" * 64, "part": FIGURE}], {
                "changedPropIds": ["definition-save.n_clicks"],
            }),
        ],
        "..main.children...review-result.children..": [
            ([1], [], {"state": [[], [], cell("review-period", period, "data"), shown]})
            for period in ("2031-01", "1263")
        ],
        "..main.children...plan-result.children...address.search..": [
            ([1], [], {"state": [*more, *typed, cell("plan-about", about, "data"), shown]})
            for about in plans for more in ([], [cell("plan-kpis", [])])
        ],
        "cases-rows.children": [
            ([], [REASON], {
                "inputs": [cell("cases-asked", asked_for(*one), "data"), cell("cases-show", 1, "n_clicks"), []],
                "changedPropIds": ["cases-show.n_clicks"],
            }) for one in rows
        ] + [
            ([], [asked_for(*one), REASON], pressed({"case": "rad-1263-SN-A-0", "page": 1, "type": "cases-case"}))
            for one in rows
        ],
        "handover-done.children": [([1], [3, REASON, asked_for(*one)], {}) for one in rows],
        "handover-rows.children": [([number], [], {}) for number in (world.other_handover.number, 999)],
        "paper-made.children": [([1], ["monthly", board, "", ""], {}) for board in ("1263-SN", "1287-BN", "")],
        "..main.children...paper-done.children..": [
            (clicks, ["SN 8", "JA", {"paper": number, "edits": 0}], {"changedPropIds": [f"{button}.n_clicks"]})
            for clicks, button in (([1, None], "paper-save"), ([None, 1], "paper-deliver"))
            for number in (FOREIGN_PAPER, 999)
        ],
        **internal_control(world.other),
        "..address.pathname...address.search...action-new-said.children..": [
            ([1], [], {"state": [*fields("action-new", what="x"), cell("action-about", {"board": board}, "data")]})
            for board in OTHERS
        ],
        **{
            f"..main.children...action-{form}-said.children..": [
                ([1], [], {"state": [
                    *fields(f"action-{form}", text="x", effect="yes", on="2025-03-01", mark="1"),
                    cell("action-about", {"number": number, "seen": 0}, "data"),
                ]}) for number in (*world.foreign_actions, 999)
            ] for form in ("change", "begin", "finish", "cancel", "reopen", "comment", "judge", "rebase", "unmark")
        },
        **{
            f"..main.children...remark-{form}-said.children..": [
                ([1], ["x", {"board": board, "kpi": FIGURE, "period": "2025-03"}, f"/nyckeltal/{FIGURE}", ""], {})
                for board in OTHERS
            ] for form in ("comment", "no-action", "counterpart")
        },
        "..main.children...series-close-said.children..": [
            ([1], [], {"state": [
                *fields("series-close", action="", reason=REASON),
                cell("series-about", {
                    "board": board, "unit": f"{board}-A", "category": "oklart_ansvar", "counterpart": "bup",
                    "until": "2025-03",
                }, "data"),
            ]}) for board in OTHERS
        ],
        "..address.search...assessment-result.children..": [([1], assessment_of(one), {}) for one in assess],
        "..main.children...assessment-confirmed.children..": [
            ([], [""], pressed({"number": number, "type": "assessment-confirm"}))
            for number in (OTHER_ASSESSMENT, FOREIGN_ASSESSMENT, 999)
        ],
        **{
            f"..main.children...year-{form}-said.children..": [
                ([1], [], {"state": [
                    *fields(f"year-{form}", **{
                        "which": number, "on": "2031-03-03", "reason": REASON, "board": board, "kind": "year",
                        "period": "2030",
                    } if form != "accept" else {f"{board}|year|2030": "2031-03-03"}),
                    cell("year-about", {number: 0}, "data"), shown,
                ]}) for board, number in zip(OTHER_BOARDS, ("1", "2", "999"), strict=True)
            ] for form in ("accept", "add", "move", "cancel", "finish")
        },
        "..main.children...notice-result.children..": [
            ([], ["/", ""], pressed({"number": number, "type": "notice-read"})) for number in (1, 2, 999)
        ],
        "..main.children...decision-told.children..": [
            ([], [""], pressed({"key": key, "type": "decision-tell"}))
            for key in ("plan 1 1", "paper 1", *(f"action {number}" for number in world.foreign_actions), "x")
        ],
        "..closing-result.children...closing-poll.disabled..": [
            ([1], [REASON, {"board": board, "period": "2025-T1"}], {}) for board in OTHER_BOARDS
        ],
        "..main.children...closing-done.children..": [
            ([1], ["month", {"board": board, "every": ""}, f"?enhet={board}"], {}) for board in OTHER_BOARDS
        ],
        "..main.children...saved-view-said.children..": [
            ([1], ["x", {"address": address}], {}) for address in ("//annan.example/", "https://annan.example/", "x")
        ],
        "..main.children...views-said.children..": [
            ([], [], pressed({"number": number, "type": "remove-view"})) for number in (world.foreign_view, 999)
        ],
        "feedback-said.children": [],  # tells what was sent to who administers the reader's own municipality
        "..main.children...administered.children..": [
            ([], [""], pressed(end, after=[[]])), ([], [""], pressed(withdraw, before=[[]])),
        ],
    }  # fmt: skip


def internal_control(of: Controlled) -> dict[str, list[Case]]:
    """What each callback about a control is asked about a board's."""
    sampled, review = ({"number": number, "edits": edits} for number, edits in ((of.sampled, 0), (of.review, 1)))
    save = {"plan": of.plan, "type": "plan-save"}
    answers = [cell({"plan": of.plan, "question": at, "type": "plan-answer"}, "ja") for at in range(4)]
    ids = [cell(one["id"], one["id"], "id") for one in answers]
    finding = ["minor", "Två saknades.", "2", "3", "2025-05-05"]
    written = ["Länk", "2025-05-05", "https://kommun.example/", None, None, None]
    return {
        "..main.children...occasion-told.children...occasion-seen.data..": [
            ([None, 1], [sampled, *finding], {"changedPropIds": [f"occasion-{one}.n_clicks"]})
            for one in ("sign", "save")
        ],
        "..main.children...occasion-reopened.children..": [([1], [sampled, "Ett skäl som duger."], {})],
        "..sample-drawn.children...occasion-seen.data..": [([1], [sampled, "anteckningar", 40, None], {})],
        "plans.children": [([of.review], [], {}), ([999], [], {})],
        "..plans.children...plans-state.children...occasion-seen.data..": [([1], [review], {})],
        "..plans-told.children...plans-seen.data..": [
            ([], [], pressed(save) | {
                "state": [answers, ids, cell("plans-seen", {str(of.plan): 0}, "data"), cell("plans-of", of.review)],
            }),
        ],
        "evidence-picked.children": [],  # tells the name that was sent
        EVIDENCE: [
            ([1], [{f"occasion:{of.sampled}": "x"}, f"{about}:{number}", *written], {})
            for about, number in (("occasion", of.sampled), ("occasion", 999), ("action", 2), ("action", 3),
                                  ("person", 1))
        ],
    }  # fmt: skip


EVIDENCE = (
    "..evidence-lists.children...evidence-result.children...evidence-label.value...evidence-link.value"
    "...evidence-number.value...evidence-file.contents...evidence-file.filename.."
)
CHANGES = ("..sample-drawn.children...occasion-seen.data..", "..plans-told.children...plans-seen.data..", EVIDENCE)
"""What of a control's page changes something and nothing else on it."""
OTHER_BOARDS = (OTHER_BOARD, FOREIGN_BOARD, "okänd")
OWN_CALLBACKS = frozenset({PAGE, "address.search", "main.children"})
"""Those that may answer 200 whatever is asked: they show the reader's own."""


def outputs_of(key: str) -> str:
    """A callback's key without what tells it from another of the same outputs."""
    if not key.startswith(".."):
        return key.split("@")[0]
    return f"..{'...'.join(one.split('@')[0] for one in key[2:-2].split('...'))}.."


def rules(world: World) -> dict[str, CallbackRule]:
    found: dict[str, CallbackRule] = world.app.server.config["SAMKOLL_CALLBACKS"]
    return found


def test_every_callback_has_a_case(world: World) -> None:
    assert {outputs_of(key) for key in rules(world)} == set(cases(world))


@roles
def test_no_callback_gives_or_changes_anothers(ask: Asked, role: RoleOrNone) -> None:
    world, before = ask.world, _state(ask.world)
    for key, rule in rules(world).items():
        name = outputs_of(key)
        for inputs, state, more in cases(world)[name]:
            if name == "address.search":  # as many values as this one takes
                inputs, state = ["1263-SN"] * (len(rule.takes) - 1), ["?enhet=1263"]
            given = len(more.get("inputs", inputs)) + len(more.get("state", state))
            if ("plan-result" in name or name == "cases-rows.children") and given != len(rule.takes):
                continue  # two callbacks have these outputs, and each its own cases
            answer = ask.call(role, key, inputs, state, **more)
            is_for = role is not None and (not isinstance(rule.whom, Place) or may(role, rule.whom))
            if not is_for:
                assert answer.status_code == 403, key
            elif name not in OWN_CALLBACKS and not _is_told_no(role, answer, name):
                assert answer.status_code in REFUSED, (key, inputs, state, more)
    assert _state(world) == before, "nothing was asked for, ended, withdrawn, signed or handed over"


def _is_told_no(role: RoleOrNone, answer: TestResponse, name: str) -> bool:
    """A form's answer that says why nothing was done: what was sent is wrong, whoever sends it."""
    if name.startswith("..definition-result"):
        return role is Role.CONTROLLER  # who may save, and is told that the file is another by now
    told = ("..main.children...review-result", "handover-done", "..main.children...saved-view-said")
    return name.startswith(told) and '"notice' in answer.text


def _state(world: World) -> str:
    """A digest of what the callbacks could change."""
    tables = (
        "row_handover", "login_session", "service_token", "access_review", "definitions_version", "release",
        "closing_rule", "control_plan", "control_plan_revision", "control_occasion", "sample_case", "evidence",
        "risk_scale", "assessment", "action", "action_event", "action_effect", "figure_remark", "chart_mark",
        "deviation_series_decision", "board_date", "notice", "notice_read", "paper", "saved_view",
    )  # fmt: skip
    metadata = job_request.metadata.tables
    definitions = world.app.server.config["SAMKOLL_SETTINGS"].definitions.read_bytes()
    with reading(world.engine) as connection:
        told: list[Any] = [definitions]
        told += [connection.scalar(select(func.count()).select_from(job_request))]
        for name in tables:
            columns = [one for one in metadata[name].c if one.name not in ("last_used_at", "last_seen_at")]
            told += [tuple(row) for row in connection.execute(select(*columns))]
    return hashlib.sha256(repr(told).encode()).hexdigest()


# --- and the allowed ones succeed -------------------------------------------


def test_each_callback_answers_who_may(ask: Asked) -> None:
    """So that the tests above can fail."""
    world = ask.world
    rows = "cases-rows.children"
    show = {"inputs": [cell("cases-asked", asked_for(OWN_UNIT, "2025-02"), "data"), cell("cases-show", 1, "n_clicks")]}
    show["inputs"].append([])  # no button of a page
    answer = ask.call(Role.CHIEF, rows, [], [REASON], changedPropIds=["cases-show.n_clicks"], **show)
    assert "rad-1287-SN-A-0" in answer.text
    answer = ask.call(Role.UNIT_MANAGER, rows, [], [None], **show)
    assert "rad-1287-SN-A-0" in answer.text
    answer = ask.call(Role.AUDITOR, "handover-rows.children", [world.own_handover.number])
    assert "rad-1287-SN-A" in answer.text
    assert "Urval" in ask.call(
        Role.CHIEF, "handover-done.children", [1], [2, REASON, asked_for(OWN_UNIT, "2025-02")]
    ).text  # fmt: skip
    decide = pressed({"delivery": world.own_held, "kind": "approve", "type": "decide"})
    answer = ask.call(Role.CONTROLLER, "..poll.disabled...decided.children..", [], **decide)
    assert (answer.status_code, "schemal" in answer.text) == (200, True)
    now = str(Period.containing(clock.today(), PeriodType.TERTIAL))
    signed = {"board": OWN_BOARD, "period": now, "subject": "question_1", "side": "presidium"}
    before = _state(world)
    answer = _call_of(
        ask, Role.PRESIDIUM, "..address.search...assessment-result.children..", ([1], assessment_of(signed), {})
    )
    assert answer.status_code == 200
    assert _state(world) != before, "the assessment is signed"
    before = _state(world)
    answer = _call_of(ask, Role.DPO, "..main.children...review-result.children..", _review(ask))
    assert answer.status_code == 200
    assert _state(world) != before, "the review is signed"
    own_control = internal_control(world.own)
    for name in CHANGES:
        before = _state(world)
        assert _call_of(ask, Role.CHIEF, name, own_control[name][0]).status_code == 200
        assert _state(world) != before, name
    assert "rad-1287-SN-plan" in _call_of(ask, Role.CHIEF, "plans.children", own_control["plans.children"][0]).text
    act = "..main.children...administered.children.."
    for identity, sides in (
        ({"type": "end-user", "user": world.own_user}, {"after": [[]]}),
        ({"token": world.own_token, "type": "withdraw-token"}, {"before": [[]]}),
    ):
        before = _state(world)
        answer = _call_of(ask, Role.ADMIN, act, ([], [""], pressed(identity, **sides)))
        assert answer.status_code == 200
        assert _state(world) != before


def _call_of(ask: Asked, role: Role, name: str, case: Case) -> TestResponse:
    inputs, state, more = case
    key = next(key for key in rules(ask.world) if outputs_of(key) == name)
    answer: TestResponse = ask.call(role, key, inputs, state, **more)
    return answer


def _review(ask: Asked) -> Case:
    """The oldest review that waits, with a text for all that stands out."""
    page = ask.page(Role.DPO, "/atkomst").text
    found = [part.split('"')[0] for part in page.split('"finding":"')[1:]]
    ids = list(dict.fromkeys(found))
    texts = [cell({"type": "review-text", "finding": one}, "Utan anmärkning.") for one in ids]
    named = [cell(one["id"], one["id"], "id") for one in texts]
    return [1], [], {"state": [texts, named, cell("review-period", "2025-02", "data"), cell("address", "", "search")]}
