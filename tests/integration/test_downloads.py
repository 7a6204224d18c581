"""Files at their addresses: whose they are, that they are recorded, and what is said instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from dashboard.app import create_app
from dashboard.login.demo import DemoLogin
from kpi.access import Grant, Role, Viewer
from tests.builders.dash_calls import LoginAs
from tests.builders.pdf import pdf_text
from tests.builders.release_rows import Released, release
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.settings import Settings

SHARE = "sip_call_complete"
VALUES: list[Released] = [
    (SHARE, "1287-SN", "board", "2024-T3", "", (43, 79, 43 / 79, 79)),
    (SHARE, "1287-N", "unit", "2024-T3", "", None),
    (SHARE, "1287", "municipality", "2024-T3", "", (43, 79, 43 / 79, 79)),
    ("sip_absence_by_actor", "1287-SN", "board", "2024", "actor=bup", (12, 39, 12 / 39, 39)),
    ("sip_absence_by_actor", "1287-SN", "board", "2024", "actor=bvc", None),
    ("sip_absence_by_actor", "1287-SN", "board", "2024-T3", "", (26, 272, 26 / 272, 272)),
]


@pytest.fixture
def organised(sqlite_engine: Engine) -> Engine:
    """Two municipalities, of which nothing is released."""
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    return sqlite_engine


@pytest.fixture
def released(organised: Engine) -> Engine:
    """A closed tertial in Trelleborg, another in Svedala."""
    release(organised, "1287-SN", "2024-T3", VALUES)
    release(organised, "1263-SN", "2024-T2", [(SHARE, "1263-SN", "board", "2024-T2", "", (11, 22, 0.5, 22))])
    return organised


def client_of(engine: Engine, tmp_path: Path, *, demo: bool = True) -> FlaskClient:
    """A browser that has chosen no role: the presidium of Trelleborg's social board."""
    return create_app(engine, Settings(data_dir=tmp_path), login=DemoLogin() if demo else None).server.test_client()


def recorded(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event.c.actor, audit_event.c.action, audit_event.c.resource))
        return [(row.actor, row.action, row.resource) for row in rows]


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [
        ("csv", "text/csv", b"\xef\xbb\xbf"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_a_file_is_given_recorded_and_never_kept(
    released: Engine, tmp_path: Path, ending: str, kind: str, begins: bytes
) -> None:
    answer = client_of(released, tmp_path).get(f"/ladda-ned/jamforelse.{ending}?slut=2024-12")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.data.startswith(begins)
    name = f"samkoll-jamforelse-trelleborg-2024-12.{ending}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert recorded(released) == [("Presidium", "export", name)]


def test_a_figures_file_holds_its_place_and_hides_its_unit(released: Engine, tmp_path: Path) -> None:
    client = client_of(released, tmp_path)
    answer = client.get(f"/ladda-ned/jamforelse/{SHARE}.csv?enhet=1287-SN&slut=2024-12")
    assert answer.headers["Content-Disposition"].endswith(
        f'"samkoll-jamforelse-{SHARE}-socialnamnden-trelleborg-2024-12.csv"'
    )
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert next(line for line in lines if line.startswith("Öppenvård;")).split(";")[2:5] == ["..", "..", ".."]
    paper = pdf_text(client.get("/ladda-ned/jamforelse/sip_absence_by_actor.pdf").data)
    assert "BUP 12 39 31 %" in paper
    assert "BVC .. .. .." in paper


def test_another_municipalitys_place_is_refused_with_a_sentence(released: Engine, tmp_path: Path) -> None:
    answer = client_of(released, tmp_path).get(f"/ladda-ned/jamforelse/{SHARE}.xlsx?enhet=1263-SN")
    assert (answer.status_code, answer.mimetype) == (403, "text/plain")
    assert answer.text.startswith("Du har inte behörighet att läsa det som har släppts här")
    told = f"/ladda-ned/jamforelse/{SHARE}.xlsx {answer.text}"
    assert recorded(released) == [("Presidium", "access_refused", told)]


def test_another_municipalitys_closing_is_in_no_file(released: Engine, tmp_path: Path) -> None:
    client = client_of(released, tmp_path)
    assert "Svedala" not in client.get("/ladda-ned/jamforelse.csv").text
    assert client.get("/ladda-ned/jamforelse.csv?slut=2024-08").status_code == 404


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/ladda-ned/jamforelse.csv?slut=2024-13", "ingen period"),
        ("/ladda-ned/jamforelse.csv?slut=2024", "Välj en månad"),
        ("/ladda-ned/jamforelse.csv?slut=2024-11", "Ingen stängd period slutar med 2024-11"),
        ("/ladda-ned/jamforelse.docx", "csv, xlsx och pdf"),
        ("/ladda-ned/jamforelse/finns-inte.csv", "Nyckeltalet finns inte"),
        (f"/ladda-ned/jamforelse/{SHARE}.csv?enhet=finns-inte", "Enheten finns inte"),
        ("/ladda-ned/jamforelse/sip_lead_time.pdf", "Inget är släppt"),
    ],
)
def test_what_does_not_exist_is_told(released: Engine, tmp_path: Path, address: str, sentence: str) -> None:
    answer = client_of(released, tmp_path).get(address)
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert sentence in answer.text
    assert recorded(released) == []


def test_nothing_released_is_told(organised: Engine, tmp_path: Path) -> None:
    answer = client_of(organised, tmp_path).get("/ladda-ned/jamforelse.pdf")
    assert (answer.status_code, answer.text[:16]) == (404, "Inget är släppt ")


def test_without_login_nothing_is_given(released: Engine, tmp_path: Path) -> None:
    answer = client_of(released, tmp_path, demo=False).get("/ladda-ned/jamforelse.csv")
    assert answer.status_code == 403
    assert recorded(released) == []
    elsewhere = client_of(released, tmp_path).get("/ladda-ned/jamforelse.csv", headers={"Host": "samkoll.example"})
    assert elsewhere.status_code == 403


def test_what_cannot_be_recorded_is_not_given(
    released: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("full disk")

    monkeypatch.setattr("dashboard.downloads.record", refuse)
    answer = client_of(released, tmp_path).get("/ladda-ned/jamforelse.csv")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "43" not in answer.text


def test_a_file_is_told_in_the_municipality_whose_figures_it_holds(released: Engine, tmp_path: Path) -> None:
    grants = (Grant(Role.MEMBER, "1287", frozenset({"1287-SN"})), Grant(Role.CENTRAL_CONTROLLER, "1263"))
    login = LoginAs(Viewer("blandad", grants))
    client = create_app(released, Settings(data_dir=tmp_path), login=login).server.test_client()
    for path in ("jamforelse.csv?enhet=1263", f"jamforelse/{SHARE}.csv?enhet=1263-SN"):
        assert client.get(f"/ladda-ned/{path}").status_code == 200
    with reading(released) as connection:
        rows = connection.execute(select(audit_event.c.action, audit_event.c.municipality_code)).all()
    assert [tuple(row) for row in rows] == [("export", "1263")] * 2
