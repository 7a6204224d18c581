"""Familjecentral: flows and lost referrals agree with the figures on both databases; who reads them; and the page."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.app import create_app
from kpi.access import OPERATOR, AccessDenied, Role, Viewer
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.period import Period
from kpi.referrals import by_part, together
from kpi.views.centres import CONTACT, FLOWS, LOST, CentresPage, centres_page
from kpi.views.organisation import read_organisation
from kpi.views.values import figure_values
from tests.builders.dash_calls import PAGE, LoginAs, post, words
from tests.builders.figures import catalogue
from tests.builders.filled import Filled
from tests.builders.process_world import AS_OF, BEGAN, UNITS, who
from tests.builders.warehouse import deliver
from warehouse.database import reading
from warehouse.settings import Settings

MAY = Period.parse("2025-05")
CENTRES = [UNITS[3] | {"unit_code": f"1287-{one}", "name": f"Familjecentralen {one}", "actor": None} for one in "FGH"]
_FLOWS = (("bvc", "socialtjanst"), ("mvc", "bvc"), ("bvc", "oppen_forskola"), ("socialtjanst", "primarvard"))
_MONTHS = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)][:30]
PRESIDIUM, MANAGER = who(Role.PRESIDIUM), who(Role.UNIT_MANAGER, "1287-SN", "1287-F")


@cache
def figures() -> Catalogue:
    found = {one: catalogue().definitions[one] for one in (FLOWS, CONTACT, LOST)}
    return replace(catalogue(), definitions=found)


def made() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """F tells case by case, G the months' numbers, H the numbers of what was sent and no more."""
    dice = random.Random(11)
    cases, counts = [], []
    for number in range(300):
        on = BEGAN + timedelta(days=dice.randrange((AS_OF - BEGAN).days))
        contact = on + timedelta(days=dice.randrange(90)) if dice.random() < 0.8 else None
        contact = contact if contact and contact <= AS_OF else None
        sender, receiver = dice.choice(_FLOWS)
        cases.append({
            "referral_id": f"H{number}", "municipality_code": "1287", "centre_code": "1287-F", "from_actor": sender,
            "to_actor": receiver, "referred_on": on, "first_contact_on": contact,
            "outcome": dice.choice(["received", "declined", None]),
        })  # fmt: skip
    for centre, tells in (("1287-G", True), ("1287-H", False)):
        for month in _MONTHS:
            sender, receiver = dice.choice(_FLOWS)
            sent = dice.randrange(1, 9)
            counts.append({
                "municipality_code": "1287", "centre_code": centre, "month": month, "from_actor": sender,
                "to_actor": receiver, "referred": sent, "contact_within_30d": sent // 2 if tells else None,
                "no_contact_60d": sent // 4 if tells else None,
            })  # fmt: skip
    return cases, counts


def fill(engine: Engine) -> None:
    cases, counts = made()
    deliver(engine, str(AS_OF), org_units=[*UNITS, *CENTRES])
    deliver(engine, str(AS_OF), referrals=cases, referral_counts=counts)
    compute(engine, figures())


@pytest.fixture
def loaded(filled: Filled) -> Engine:
    return filled(fill)


def _page(engine: Engine, viewer: Viewer = PRESIDIUM, **more: Any) -> CentresPage:
    with reading(engine) as connection:
        found = centres_page(connection, figures(), viewer, read_organisation(connection), **({"month": MAY} | more))
    assert found is not None
    return found


def _sent(first: str, last: str, *centres: str) -> int:
    """From the rows that were delivered."""
    cases, counts = made()
    of_cases = sum(one["centre_code"] in centres and first <= str(one["referred_on"])[:7] <= last for one in cases)
    return of_cases + sum(one["referred"] for one in counts if one["centre_code"] in centres
                          and first <= one["month"] <= last)  # fmt: skip


def test_flows_of_twelve_months_against_the_twelve_before(loaded: Engine) -> None:
    found = _page(loaded)
    every = "1287-F", "1287-G", "1287-H"
    assert found.before is not None
    assert found.now.total == _sent("2024-06", "2025-05", *every)
    assert found.before.total == _sent("2023-06", "2024-05", *every)
    assert (found.now.senders, found.now.receivers) == (found.before.senders, found.before.receivers)
    for matrix in (found.now, found.before):
        assert sum(matrix.sent.values()) == sum(matrix.received.values()) == matrix.total
    assert [(one.unit.code, one.only_counts, one.tells_contact) for one in found.centres] == [
        ("1287-F", False, True), ("1287-G", True, True), ("1287-H", True, False),
    ]  # fmt: skip
    for one in found.centres:
        assert one.now == _sent("2024-06", "2025-05", one.unit.code)
        assert one.before == _sent("2023-06", "2024-05", one.unit.code)
    early = _page(loaded, month=Period.parse("2024-03"))
    assert early.before is None, "deliveries begin in January 2023"
    assert early.now.total == _sent("2023-04", "2024-03", *every)


def test_contact_and_lost_are_the_figures(loaded: Engine) -> None:
    found = together(_page(loaded).contact)
    with reading(loaded) as connection:
        sums = [
            (sum(int(one.numerator or 0) for one in cells), sum(int(one.denominator or 0) for one in cells))
            for cells in (
                figure_values(connection, figures(), OPERATOR, kpi_id, unit_code="1287", first=MAY.shift(-11), last=MAY)
                for kpi_id in (CONTACT, LOST)
            )
        ]
    assert [(found.contacted, found.due), (found.lost, found.lost_due)] == sums
    assert found.due
    assert found.lost
    assert set(by_part(_page(loaded).contact, 0)) == {"1287-F", "1287-G"}, "H does not tell"


def test_each_reads_its_own(loaded: Engine) -> None:
    own = _page(loaded, MANAGER)
    assert own.now.total == _sent("2024-06", "2025-05", "1287-F")
    assert {one.unit.code for one in own.centres} == {"1287-F"}
    assert own.figures == (), "the municipality's figures are not the unit's"
    assert together(own.contact).days
    other = _page(loaded, who(Role.PRESIDIUM, "1287-BN"))
    assert (other.centres, other.now.total, other.contact) == ((), 0, {})
    for viewer, unit in ((MANAGER, "1287-G"), (who(Role.PRESIDIUM, "1287-BN"), "1287-F"), (who(Role.MEMBER), None)):
        with pytest.raises(AccessDenied):
            _page(loaded, viewer, unit_code=unit)


def test_the_page_says_it_in_words(loaded: Engine, tmp_path: Path) -> None:
    being = LoginAs(PRESIDIUM)
    app = create_app(loaded, Settings(data_dir=tmp_path), login=being)

    def told(search: str = "?manad=2025-05") -> str:
        answer = post(app.server.test_client(), PAGE, ["/familjecentral", search, 0])
        assert answer.status_code == 200
        return words(json.loads(answer.data)["response"]["main"]["children"])

    found, page = _page(loaded), told()
    assert f"{found.now.total} ärenden skickades mellan familjecentralens aktörer de senaste tolv månaderna," in page
    lost = together(found.contact)
    assert f"{lost.lost} av {lost.lost_due}" in page
    assert "Familjecentralen G lämnar månadens antal, inte ärende för ärende; kontakt" in page
    assert "Familjecentralen H lämnar månadens antal, inte ärende för ärende, och ingen uppgift om kontakt." in page
    assert "Se underlaget" not in page
    assert "ingen uppgift om kontakt" in told("?manad=2025-05&enhet=1287-H")
    assert "går inte att säga: centralen lämnar bara antal" in told("?manad=2025-05&enhet=1287-H")
    being.is_now = MANAGER
    assert "Se underlaget : hänvisningar som gjordes i maj 2025" in told()
    being.is_now = who(Role.CHIEF, "1287-BN")
    assert "Ingen familjecentral som hör till 1287-BN har levererat ärenden." in told()
