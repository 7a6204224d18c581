"""`samkoll kpi show --released`: what others read, with the same keys, and no number where one is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders.command import Samkoll
from tests.builders.release_rows import release
from tests.builders.warehouse import deliver
from tests.integration.test_cli import is_users_error
from tests.integration.test_downloads import VALUES
from tests.integration.test_views import ORGANISATION
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Samkoll:
    """A closed tertial; not to be changed by a test."""
    samkoll = Samkoll(tmp_path_factory.mktemp("released"))
    assert samkoll("upgrade").code == 0
    engine = open_engine(f"sqlite:///{database(samkoll)}")
    deliver(engine, "2025-01-31", org_units=ORGANISATION)
    release(engine, "1287-SN", "2024-T3", VALUES)
    engine.dispose()
    return samkoll


def database(samkoll: Samkoll) -> Path:
    return samkoll.folder / "var" / "samkoll.db"


def test_a_hidden_value_has_the_same_keys_and_no_number(released: Samkoll) -> None:
    shown = released.process("kpi", "show", "sip_call_complete", "--released", "--json").json
    by_unit = {one["unit"]: one for one in shown}
    assert by_unit["1287-N"] == {
        "kpi": "sip_call_complete", "unit": "1287-N", "level": "unit", "period": "2024-T3", "split": None,
        "numerator": None, "denominator": None, "value": None, "cases": None, "status": "suppressed",
        "suppressed": True,
    }  # fmt: skip
    told = by_unit["1287-SN"]
    assert list(told) == list(by_unit["1287-N"])
    assert (told["numerator"], told["denominator"], told["cases"], told["suppressed"]) == (43, 79, 79, False)


def test_parts_and_wholes_of_every_length_are_told(released: Samkoll) -> None:
    shown = released("kpi", "show", "sip_absence_by_actor", "--released", "--json").json
    assert [(one["period"], one["split"], one["suppressed"]) for one in shown] == [
        ("2024", {"actor": "bup"}, False), ("2024", {"actor": "bvc"}, True), ("2024-T3", None, False),
    ]  # fmt: skip
    only = released("kpi", "show", "sip_absence_by_actor", "--released", "--json", "--to", "2024-08").json
    assert [one["period"] for one in only] == ["2024", "2024"]


def test_the_table_writes_the_marker_and_says_why(released: Samkoll) -> None:
    lines = released("kpi", "show", "sip_call_complete", "--released", "--unit", "1287-N").out.splitlines()
    assert lines[1].split()[-9:] == ["..", "..", "..", "..", "visas", "inte", "(för", "få", "fall)"]
    assert "Inget är släppt" in released("kpi", "show", "sip_lead_time", "--released").out


@pytest.mark.parametrize("other", [("--parts",), ("--as-known-on", "2025-01-31")])
def test_what_cannot_be_asked_together_is_the_users_error(released: Samkoll, other: tuple[str, ...]) -> None:
    ran = released("kpi", "show", "sip_call_complete", "--released", *other)
    assert is_users_error(ran)
    assert "--released går inte att förena" in ran.err


def test_an_unknown_unit_is_the_users_error(released: Samkoll) -> None:
    assert is_users_error(released("kpi", "show", "sip_call_complete", "--released", "--unit", "1287-XX"))


def test_the_read_is_recorded(released: Samkoll) -> None:
    released("kpi", "show", "sip_mandate", "--released")
    engine = open_engine(f"sqlite:///{database(released)}")
    with reading(engine) as connection:
        found = connection.scalars(select(audit_event.c.resource)).all()
    engine.dispose()
    assert "sip_mandate alla enheter --released" in found
