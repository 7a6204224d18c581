"""Broken object-level access: every role × every page, file and API endpoint × what is another's.

A new endpoint without a case fails here; callbacks have theirs in `test_object_level_callbacks`. What another board or
municipality has bears marks that stand nowhere else (`tests.builders.attacked_world`), and no answer holds one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote

import pytest

from dashboard.places import ADDRESSES
from dashboard.routes import WITHOUT_FILES
from dashboard.rules import ENDPOINTS, For
from kpi.access import Place, Role
from tests.builders.asked import REFUSED, Asked, RoleOrNone, may
from tests.builders.attacked_world import (
    EVERY_ROLE,
    FIGURE,
    FOREIGN,
    FOREIGN_BOARD,
    FOREIGN_PAPER,
    FOREIGN_UNIT,
    MOVED,
    OTHER_BOARD,
    OTHER_UNIT,
    OTHERS,
    OWN_BOARD,
    OWN_PAPER,
    OWN_UNIT,
)
from tests.builders.packages import SHARE

MONTHS = ("2025-02", "2025-03", "2025-04")
roles = pytest.mark.parametrize("role", EVERY_ROLE, ids=str)


# --- pages ------------------------------------------------------------------

READS_INSIDE = {
    Place.OVERVIEW: ("/",),
    Place.FIGURES: (f"/nyckeltal/{FIGURE}", f"/nyckeltal/{SHARE}"),
    Place.ROWS: ("/underlag",),
    Place.DEVIATIONS: ("/avvikelser",),
    Place.ASSESSMENTS: ("/bedomningar",),
}
"""Pages of one unit's inside, by `enhet`."""
QUERIES: Mapping[Place, Sequence[str]] = {
    Place.OVERVIEW: ("?manad=2031-01", "?manad=x"),
    Place.FIGURES: ("?enhet=1263&manad=2025-03", "?del=x"),
    Place.PROCESS: ("?enhet=1287-BN", "?enhet=1263-SN&manad=2025-03", "?enhet=okänd", "?enhet=1287-BN&kallande=skola"),
    Place.DEVIATIONS: ("?enhet=1287-BN", "?enhet=1263-SN&manad=2025-03", "?enhet=okänd"),
    Place.CENTRES: ("?enhet=1287-BN", "?enhet=1263-SN&manad=2025-03", "?enhet=okänd"),
    Place.AUDIT: ("?enhet=1263-SN", "?enhet=1287-BN", "?enhet=okänd"),
    Place.ROWS: ("?overlamning={other}", "?overlamning=999", "?slag=personer"),
    Place.PAPERS: ("?enhet=1263-SN",),
    Place.ACTIONS: (
        "?enhet=1287-BN",
        "?enhet=1263-SN&ny=1",
        "?ny=1&moment=1&nyckeltal=x",
        "?visa=x&avsluta=1263-SN-A/annan/bup",
    ),
    Place.ASSESSMENTS: (
        "?period=2025-T1",
        "?enhet=1287-BN&fraga=1&part=presidium",
        "?fraga=1&part=1287-BN-A",
        "?period=2031-T1",
    ),
    Place.PLAN: ("?enhet=1263-SN", "?enhet=1287-BN&ar=2026", "?enhet=okänd", "?ar=1999", "?gor=anta&risk=x"),
    Place.CLOSING: ("?enhet=1263-SN", "?enhet=1287-BN&period=2025-T1", "?enhet=okänd", "?period=2031-99"),
    Place.COMPARISON: ("?enhet=1287-BN&slut=2025-04", "?slut=2031-01"),
    Place.DEFINITIONS: ("?del=finns_inte",),
    Place.DELIVERIES: ("?leverans={held}", "?leverans=999", "?sida=99&enhet=1263"),
    Place.ACCESS: ("?vem=grannens-dpo", "?manad=2025-02&vem=grann", "?sida=2&kommun=1263"),
    Place.USERS: ("?kommun=1263",),
}


def test_every_place_is_attacked() -> None:
    assert set(QUERIES) == set(Place)


@roles
def test_a_page_that_is_not_the_roles_is_refused_and_its_own_is_shown(ask: Asked, role: RoleOrNone) -> None:
    for place, address in ADDRESSES.items():
        if place is Place.OVERVIEW:
            continue  # the start is each one's own
        status = 200 if may(role, place) else 403
        assert ask.page(role, address).status_code == status, place
        assert ask.get(role, address).status_code == status, place
    assert ask.page(role, "/").status_code == (403 if role is None else 200)
    assert ask.page(role, "/finns-inte").status_code == (404 if role else 403)


@roles
def test_anothers_unit_is_refused_on_every_page_of_one_units_inside(ask: Asked, role: RoleOrNone) -> None:
    for place, paths in READS_INSIDE.items():
        if place is Place.OVERVIEW and not may(role, place):
            continue  # another page is the start then; see the next test
        units = OTHERS if may(role, place) else OTHERS[:2]
        for path in paths:
            for unit in units:
                for month in ("2025-03",) if unit != OTHER_UNIT else MONTHS:
                    answer = ask.page(role, path, f"?enhet={quote(unit)}&manad={month}")
                    if role is Role.AUDITOR and place is Place.ROWS:
                        continue  # reads no unit there: the address's is not looked at
                    assert answer.status_code in REFUSED, (path, unit, month)


@roles
def test_no_parameter_opens_anothers(ask: Asked, role: RoleOrNone) -> None:
    world = ask.world
    for place, queries in QUERIES.items():
        for query in queries if may(role, place) else queries[:1]:
            search = query.format(other=world.other_handover.number, held=world.foreign_held)
            answer = ask.page(role, ADDRESSES[place], search)
            if not may(role, place) and place is not Place.OVERVIEW:
                assert answer.status_code == 403, (place, search)
    if may(role, Place.COMPARISON):  # the start of those who have no overview
        for unit in OTHERS:
            ask.page(role, "/", f"?enhet={quote(unit)}")


@roles
def test_anothers_action_by_its_number_is_refused(ask: Asked, role: RoleOrNone) -> None:
    for number in (*ask.world.foreign_actions, 999, "x"):
        assert ask.page(role, f"/atgarder/{number}").status_code in REFUSED, number
    own = ask.page(role, f"/atgarder/{ask.world.own_action}").status_code
    assert own == (200 if may(role, Place.ACTIONS) else 403)


@roles
def test_a_unit_that_has_moved_is_each_boards_for_its_own_days(ask: Asked, role: RoleOrNone) -> None:
    for month, is_own in (("2025-02", True), ("2025-03", False), ("2025-04", False)):
        answer = ask.page(role, f"/nyckeltal/{FIGURE}", f"?enhet={MOVED}&manad={month}")
        reads = role in (Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.AUDITOR) and is_own
        assert (answer.status_code == 200) is reads, month


@roles
def test_anothers_releases_are_refused_on_pages_and_in_files(ask: Asked, role: RoleOrNone) -> None:
    reads = may(role, Place.COMPARISON)
    for unit in (OTHER_BOARD, OTHER_UNIT, FOREIGN, FOREIGN_BOARD, FOREIGN_UNIT, "1214-SN", "okänd"):
        query = f"?enhet={quote(unit)}&slut=2025-04"
        answers = [
            ask.page(role, f"/jamforelse/{SHARE}", query),
            ask.get(role, f"/ladda-ned/jamforelse/{SHARE}.csv{query}"),
        ]
        if unit not in (OTHER_BOARD, OTHER_UNIT):  # the comparison is of a municipality, and these are the own one's
            answers += [ask.page(role, "/jamforelse", query), ask.get(role, f"/ladda-ned/jamforelse.csv{query}")]
        for answer in answers:
            is_own = unit in (OTHER_BOARD, OTHER_UNIT) and answer.status_code == 200  # nothing is released there
            assert answer.status_code in REFUSED or is_own, unit
    own = f"?enhet={OWN_BOARD}&slut=2025-04"
    status = 200 if reads else 403
    assert ask.page(role, f"/jamforelse/{SHARE}", own).status_code == status
    assert ask.get(role, f"/ladda-ned/jamforelse/{SHARE}.csv{own}").status_code == status
    assert ask.get(role, "/ladda-ned/jamforelse.csv").status_code == status


@roles
def test_another_boards_control_and_its_evidence_are_refused(ask: Asked, role: RoleOrNone) -> None:
    other, own = ask.world.other, ask.world.own
    for number in (other.sampled, other.review):
        assert ask.page(role, f"/intern-kontroll/{number}").status_code == 403
    for number in (other.file, other.link):
        assert ask.get(role, f"/ladda-ned/underlag/{number}").status_code == 403
    if role is not None and may(role, Place.PLAN):
        for wrong in ("999", "x", "1%00", "1/2"):
            assert ask.page(role, f"/intern-kontroll/{wrong}").status_code == 404
    if role is Role.SECRETARY:  # who enters decisions about the plan, and reads no result
        assert ask.page(role, f"/intern-kontroll/{own.sampled}").status_code == 403
        assert ask.get(role, f"/ladda-ned/underlag/{own.file}").status_code == 403
    elif role is Role.UNIT_MANAGER:  # whose the whole board's files are not
        assert ask.page(role, f"/intern-kontroll/{own.sampled}").status_code == 200
        assert ask.get(role, f"/ladda-ned/underlag/{own.file}").status_code == 403
    elif role is not None and may(role, Place.PLAN):
        assert ask.page(role, f"/intern-kontroll/{own.sampled}").status_code == 200
        answer = ask.get(role, f"/ladda-ned/underlag/{own.file}")
        assert (answer.status_code, answer.text) == (200, f"rad-{OWN_BOARD}")
        assert answer.headers["Content-Disposition"] == f"attachment; filename=rad-{OWN_BOARD}.txt"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- every endpoint ---------------------------------------------------------

ENDPOINT_CASES: Mapping[str, Sequence[str]] = {
    "_dash_assets.static": (), "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": (),
    "/_dash-layout": ("/_dash-layout?enhet=1263",), "/_dash-dependencies": ("/_dash-dependencies?enhet=1263",),
    "/_dash-update-component": (),  # every callback, below
    "/": ("/?enhet=1263-SN",), "/<path:path>": ("/leveranser?leverans=1",),
    "log_in": (), "log_in_answer": (), "logged_out": (), "log_out": (),  # before and after a session, no object
    "api_figures": ("/api/nyckeltal",),
    "api_values": (f"/api/nyckeltal/{FIGURE}{{query}}",),
    "api_released": (f"/api/slappt/{SHARE}{{query}}",),
    "api_nothing": ("/api/anvandare/1",),
    "download_comparison": (), "download_figure": (),  # above
    "download_paper": (), "download_secret_annex": (),  # below
    "download_evidence": (),  # below
    "download_page": (),  # as pages, below
}  # fmt: skip


def test_every_endpoint_has_a_case() -> None:
    assert set(ENDPOINT_CASES) == set(ENDPOINTS)


@roles
def test_anothers_paper_and_its_secret_annex_are_nowhere(ask: Asked, role: RoleOrNone) -> None:
    files = ("{}.html", "{}/bilaga-sekretess.html")
    reads = role in (Role.PRESIDIUM, Role.CHIEF, Role.CONTROLLER, Role.SECRETARY, Role.AUDITOR)
    for number in (FOREIGN_PAPER, 999):
        assert ask.page(role, f"/handlingar/{number}").status_code in REFUSED
        for file in files:
            assert ask.get(role, f"/ladda-ned/handling/{file.format(number)}").status_code in REFUSED
    assert (ask.page(role, f"/handlingar/{OWN_PAPER}").status_code == 200) is reads
    for file in files:
        assert (ask.get(role, f"/ladda-ned/handling/{file.format(OWN_PAPER)}").status_code == 200) is reads, file


@roles
def test_a_pages_tables_are_had_by_who_opens_the_page_and_rows_by_nobody(ask: Asked, role: RoleOrNone) -> None:
    for place, at in ADDRESSES.items():
        answer = ask.get(role, f"/ladda-ned/sida{'' if at == '/' else at}.csv")
        if place in (Place.ROWS, Place.ACCESS, Place.USERS) or role is None or not (at == "/" or may(role, place)):
            assert answer.status_code in REFUSED, at
    for unit in OTHERS:
        starts = ("",) if role is None or may(role, Place.OVERVIEW) else ()  # the others begin with what is released
        for at in (f"/nyckeltal/{FIGURE}", "/atgarder", "/intern-kontroll", *starts):
            assert ask.get(role, f"/ladda-ned/sida{at}.csv?enhet={quote(unit)}").status_code in REFUSED, (at, unit)


@roles
def test_endpoints_without_an_object_tell_nothing(ask: Asked, role: RoleOrNone) -> None:
    for endpoint, addresses in ENDPOINT_CASES.items():
        for address in addresses if ENDPOINTS[endpoint] is For.READER else ():
            assert (ask.get(role, address).status_code == 403) is (role is None or _is_refused(role, address)), address


def _is_refused(role: Role, address: str) -> bool:
    return address.startswith("/leveranser") and not may(role, Place.DELIVERIES)


@pytest.mark.parametrize("role", EVERY_ROLE[:-1], ids=str)
def test_a_program_reads_what_its_role_reads(ask: Asked, role: Role) -> None:
    headers = {"Authorization": f"Bearer {ask.world.tokens[role]}"}
    for name in ("api_values", "api_released"):
        (pattern,) = ENDPOINT_CASES[name]
        for unit in (*OTHERS, MOVED):
            for more in ("", "&fran=2025-03&till=2025-03"):
                answer = ask.get(role, pattern.format(query=f"?enhet={quote(unit)}{more}"), **headers)
                below = unit == "12" and name == "api_released"  # what lies above both is read by both
                empty = answer.status_code == 200 and answer.json == []
                assert answer.status_code in REFUSED or below or empty or unit == MOVED, (name, unit)
        ask.get(role, pattern.format(query=""), **headers)
        for wrong in ("finns_inte", "' or 1=1 --", "%00"):
            path = pattern.format(query="").rsplit("/", 1)[0]
            assert ask.get(role, f"{path}/{quote(wrong, safe='%')}", **headers).status_code in REFUSED, wrong
    own = ask.get(role, f"/api/nyckeltal/{FIGURE}?enhet={OWN_UNIT}", **headers)
    assert (own.status_code == 200) is may(role, Place.OVERVIEW)
    listed = ask.get(role, ENDPOINT_CASES["api_figures"][0], **headers).status_code
    assert listed == (200 if may(role, Place.DEFINITIONS) else 403)
    assert ask.get(role, ENDPOINT_CASES["api_nothing"][0], **headers).status_code in REFUSED
    assert ask.get(role, "/api/nyckeltal").status_code == 401
    assert ask.get(role, "/leveranser", **headers).status_code == (200 if may(role, Place.DELIVERIES) else 403)


# --- and the allowed ones succeed -------------------------------------------


def test_each_page_shows_its_own(ask: Asked) -> None:
    """So that the tests above can fail."""
    for role, path, search, told in (
        (Role.CHIEF, "/underlag", f"?enhet={OWN_UNIT}&manad=2025-02", "Lindgården"),
        (Role.UNIT_MANAGER, f"/nyckeltal/{FIGURE}", f"?enhet={OWN_UNIT}&manad=2025-02", "Lindgården"),
        (Role.PRESIDIUM, "/", f"?enhet={OWN_BOARD}", "Egna socialnämnden"),
        (Role.CONTROLLER, "/leveranser", f"?leverans={ask.world.own_held}", "egen-fel"),
        (Role.PRESIDIUM, f"/atgarder/{ask.world.own_action}", "", "egen-åtgärd"),
        (Role.AUDITOR, f"/nyckeltal/{FIGURE}", "?manad=2025-03", "egen-åtgärd"),
        (Role.DPO, "/atkomst", "?vem=egen-dpo", "egen-dpo"),
        (Role.ADMIN, "/anvandare", "", "eget-program"),
        (Role.CENTRAL_CONTROLLER, f"/jamforelse/{SHARE}", f"?enhet={OWN_BOARD}", "Egna socialnämnden"),
        (Role.DELREGIONAL, "/jamforelse", "", "Hemkommunen"),
    ):
        answer = ask.page(role, path, search)
        assert answer.status_code == 200, (role, path)
        assert told in json.dumps(answer.json, ensure_ascii=False), (role, path)


def test_in_the_files_of_pages_each_value_stands_below_a_heading(ask: Asked) -> None:
    met = 0
    for place in (one for one in Place if may(Role.CONTROLLER, one) and one not in WITHOUT_FILES):
        answer = ask.get(Role.CONTROLLER, f"/ladda-ned/sida{ADDRESSES[place].rstrip('/')}.csv")
        if answer.status_code == 404:
            continue  # nothing is shown there yet
        lines = list(csv.reader(answer.data.decode("utf-8-sig").splitlines(), delimiter=";"))
        *tables, about = [list(block) for is_told, block in groupby(lines, bool) if is_told]
        assert about, place
        for table in tables:
            heads, *rows = table[1:] if len(table[0]) == 1 and len(tables) > 1 else table
            filled = {at for row in rows for at, cell in enumerate(row) if cell}
            assert filled <= {at for at, heading in enumerate(heads) if heading}, (place, heads)
            met += 1
    assert met > 9
