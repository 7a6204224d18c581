"""Role × matter, written by hand from what each role is for: the rules and docs/security.md say the same.

The issue's sentences stand beside the sets, so that a reader can judge them without the code.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.access import Grant, Role, Viewer, can_read_figure, can_read_rows
from kpi.access import truth as shown
from kpi.access.places import OPENED_BY, places_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"

INSIDE = {"presidium", "chief", "controller", "auditor"}
"""Read the own board from the inside, as counts."""
OF_THE_MUNICIPALITY = INSIDE | {"unit_manager", "central_controller", "delregional"}
"""Read what every board of the municipality has released."""
PAPERS = {"member", "secretary"}
"""Read what the own board has released: released papers and figures of the own board."""
CONTROL = INSIDE | {"unit_manager", "developer"}
"""Read the own board's plan, results, assessments and actions."""
WRITES = {"chief", "controller", "developer"}
"""developer (verksamhetsutvecklare): controls, sample reviews, actions."""
NOBODY: set[str] = set()

EXPECTED: dict[str, set[str]] = {
    "page Översikt": INSIDE | {"unit_manager"},
    "page Nyckeltal": INSIDE | {"unit_manager"},
    "page SIP-processen": INSIDE | {"unit_manager"},
    "page Avvikelser": INSIDE | {"unit_manager"},
    "page Familjecentral": INSIDE | {"unit_manager"},
    "page Revision": CONTROL,
    "page Underlag": {"unit_manager", "chief", "auditor"},
    "page Handlingar": CONTROL | PAPERS,
    "page Åtgärder": CONTROL,
    "page Bedömningar": CONTROL,
    "page Intern kontroll": CONTROL | {"secretary"},
    "page Stängning": INSIDE | {"secretary"},
    "page Jämförelse": OF_THE_MUNICIPALITY | PAPERS,
    "page Definitioner": OF_THE_MUNICIPALITY | PAPERS | {"developer"},
    "page Leveranser": INSIDE,
    "page Åtkomst": {"dpo"},
    "page Användare": {"admin"},
    "overview of the own board": INSIDE,
    "overview of the own unit": {"unit_manager"},
    "inside figure: own unit": INSIDE | {"unit_manager"},
    "inside figure: another unit of the board": INSIDE,
    "inside figure: own board": INSIDE,
    "inside figure: another board": NOBODY,
    "inside figure: the municipality, one board's area": INSIDE,
    "inside figure: the municipality, boards mixed": NOBODY,
    "inside figure: another municipality": NOBODY,
    "inside figure: the region": NOBODY,
    "open figure: the municipality": INSIDE,
    "open figure: another municipality": NOBODY,
    "published statistics: the municipality, the region": INSIDE | {"unit_manager"},
    "released: own board": OF_THE_MUNICIPALITY | PAPERS,
    "released: another board": OF_THE_MUNICIPALITY,
    "released: another municipality, directly": NOBODY,
    "released: another municipality, by a package taken in here": OF_THE_MUNICIPALITY - {"delregional"},
    "released: a package taken in elsewhere": NOBODY,
    "make a package of the own releases": {"central_controller"},
    "take in another's package": {"central_controller"},
    "make or take in elsewhere": NOBODY,
    "rows about persons: own unit, no reason stated": {"unit_manager"},
    "rows about persons: own unit, reason stated": {"unit_manager", "chief"},
    "rows about persons: another unit of the board, reason stated": {"chief"},
    "rows about persons: another board, reason stated": NOBODY,
    "hand a sample of rows to the auditor": {"chief"},
    "read a handed-over sample of the own board": {"auditor"},
    "read a handed-over sample of another board": NOBODY,
    "deliveries: how fresh": INSIDE,
    "deliveries: rejected rows": {"controller"},
    "deliveries: approve, refuse, replay": {"controller"},
    "definitions: save": {"controller"},
    "closings, and what is left before the next: own board": INSIDE | {"secretary"},
    "closings, and what is left before the next: another board": NOBODY,
    "close a period: own board": {"controller"},
    "close a period: another board": NOBODY,
    "internal control: read": CONTROL,
    "internal control: write and propose the plan": WRITES,
    "internal control: read the plan": CONTROL | {"secretary"},
    "internal control: set the scale of risks": {"controller"},
    "internal control: enter a decision": {"secretary", "controller"},
    "internal control: carry out a control": WRITES,
    "internal control: review a sample of plans": {"developer", "chief"},
    "assess and sign for the presidium": {"presidium"},
    "assess and sign for the administration": {"chief", "developer"},
    "assess and sign for the unit": {"unit_manager"},
    "confirm for the presidium": {"presidium"},
    "confirm for the administration": WRITES,
    "confirm for the unit": {"unit_manager", "chief"},
    "actions: the board's": WRITES,
    "actions: the own unit's": WRITES | {"unit_manager"},
    "files of evidence: about the board": INSIDE | {"developer"},
    "files of evidence: about the own unit": CONTROL,
    "files of evidence: about another unit": INSIDE | {"developer"},
    "comment a figure": {"chief", "controller"},
    "papers: read": CONTROL | {"secretary", "member"},
    "papers: drafts and annexes under secrecy": {"controller", "secretary", "presidium", "chief", "auditor"},
    "papers: make, plan the year, tell the administration": {"controller", "secretary"},
    "internal control, assessments, actions, papers: another board": NOBODY,
    "the log: own municipality": {"dpo"},
    "the log: another municipality": NOBODY,
    "sign the access review": {"dpo"},
    "users and settings: own municipality": {"admin"},
    "users and settings: another municipality": NOBODY,
}


def test_every_matter_is_told_here() -> None:
    assert set(EXPECTED) == set(shown.MATTERS)


@pytest.mark.parametrize("matter", shown.MATTERS)
def test_the_rules_say_what_each_role_is_for(matter: str) -> None:
    assert {role.value for role in shown.truth()[matter]} == EXPECTED[matter]


def test_the_table_in_the_document_is_the_codes() -> None:
    assert shown.markdown() in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize("matter", shown.MATTERS)
def test_without_a_grant_nothing_is_allowed(matter: str) -> None:
    assert not shown.MATTERS[matter](Viewer("ingen", ()))
    elsewhere = [Grant(role, "9999", frozenset({"9999-SN"}), frozenset({"9999-A"})) for role in shown.ROLES]
    here = {
        "inside figure",
        "open figure",
        "published",
        "released",
        "rows",
        "close",
        "the log",
        "users",
        "hand",
        "sign",
    }
    if matter.split(":")[0].split(" ")[0] in {one.split(" ")[0] for one in here}:
        assert not shown.MATTERS[matter](Viewer("annan kommun", tuple(elsewhere))), "all roles of another municipality"


def test_no_role_of_oversight_opens_a_page_of_figures() -> None:
    for role in (Role.DPO, Role.ADMIN):
        assert len(places_of(shown.viewer_as(role))) == 1
    assert all(Role.DPO not in roles and Role.ADMIN not in roles for roles in list(OPENED_BY.values())[:-2])


def reads(unit: str, *grants: Grant) -> bool:
    return can_read_figure(Viewer("prov", grants), shown.ORGANISATION, unit, *shown.DAYS, areas=("social",))


def test_scope_by_unit_branch_and_municipality_narrows_and_grants_add_up() -> None:
    board = frozenset({shown.OWN_BOARD})
    for role in (Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR, Role.UNIT_MANAGER):
        narrow = Grant(role, shown.HERE, board, frozenset({shown.OWN_UNIT}))
        assert reads(shown.OWN_UNIT, narrow)
        assert not reads(shown.OTHER_UNIT, narrow)
        assert not reads(shown.OWN_BOARD, narrow), "the board mixes the unit with others"
        assert reads(shown.OTHER_UNIT, narrow, Grant(role, shown.HERE, board, frozenset({shown.OTHER_UNIT})))
        assert not reads(shown.OWN_UNIT, Grant(role, shown.ELSEWHERE, board, frozenset({shown.OWN_UNIT})))
    branch = Grant(Role.CHIEF, shown.HERE, board, branches=frozenset({"socialtjanst"}))
    assert reads(shown.OWN_UNIT, branch)
    assert not reads(shown.OWN_BOARD, branch), "a board is of no branch"
    assert not reads(shown.OWN_UNIT, Grant(Role.CHIEF, shown.HERE, board, branches=frozenset({"skola"})))
    assert not reads(shown.OWN_UNIT, Grant(Role.UNIT_MANAGER, shown.HERE, board)), "a manager of no unit"


def test_the_command_line_reads_no_rows_about_persons() -> None:
    operator = Viewer("kommandoraden", (Grant(Role.OPERATOR, ""),))
    assert not can_read_rows(operator, shown.ORGANISATION, shown.OWN_UNIT, *shown.DAYS, reason=shown.REASON)
