"""`samkoll token …` as its user meets it, in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

import cli_access
from control.login.tokens import find_token
from kpi.access import Grant, Role
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.errors import UserError
from warehouse.settings import Settings


@pytest.fixture
def engine(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    settings = Settings(data_dir=tmp_path, database_url=str(sqlite_engine.url))
    monkeypatch.setattr(cli_access, "open_settings", lambda: settings)
    return sqlite_engine


def test_a_token_is_made_listed_and_revoked(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    cli_access.create("Rapporter", role="auditor", municipality="1287", days=30, board=["1287-SN"])
    said = capsys.readouterr().out.splitlines()
    token = said[-1]
    assert "visas aldrig igen" in said[0]
    found = find_token(engine, token)
    assert found is not None
    assert found.grants == (Grant(Role.AUDITOR, "1287", frozenset({"1287-SN"})),)
    cli_access.show(as_json=True)
    told = capsys.readouterr().out
    assert token.removeprefix("samkoll_") not in told
    [one] = json.loads(told)
    assert (one["number"], one["valid"], one["created_by"]) == (1, True, "kommandoraden")
    cli_access.revoke(1)
    cli_access.show()
    table = capsys.readouterr().out
    assert "återkallad" in table
    assert "auditor 1287 1287-SN" in table
    assert find_token(engine, token) is None


def test_a_token_may_be_for_units_and_branches_only(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    narrow = {"board": ["1287-SN"], "unit": ["1287-S"], "branch": ["socialtjanst"]}
    cli_access.create("Enheten", role="unit_manager", municipality="1287", days=1, **narrow)
    found = find_token(engine, capsys.readouterr().out.splitlines()[-1])
    assert found is not None
    assert (found.grants[0].units, found.grants[0].branches) == ({"1287-S"}, {"socialtjanst"})
    with pytest.raises(UserError, match="--unit: 1287-S är ingen enhet under nämnden"):
        cli_access.create("x", role="chief", municipality="1287", days=1, board=["1287-BN"], unit=["1287-S"])
    with pytest.raises(UserError, match="--branch: sjukhus är ingen verksamhet"):
        cli_access.create("x", role="chief", municipality="1287", days=1, board=["1287-SN"], branch=["sjukhus"])


@pytest.mark.parametrize(
    ("role", "board", "sentence"),
    [
        ("operator", None, "--role: rollen ”operator” finns inte"),
        ("auditor", ["1263-SN"], "--board: 1263-SN är ingen nämnd i kommunen 1287. De som finns är: 1287-BN, 1287-SN"),
    ],
)
@pytest.mark.usefixtures("engine")
def test_what_nobody_has_cannot_be_given(role: str, board: list[str] | None, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        cli_access.create("x", role=role, municipality="1287", days=30, board=board)
