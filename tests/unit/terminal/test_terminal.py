"""Exit codes, tables and numbers of the command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
import typer
from sqlalchemy.exc import OperationalError

from kpi.record import whole
from terminal import parse_day, parse_period, print_table, run_command
from warehouse.errors import UserError
from warehouse.opening import WarehouseUnreachable

BUSY = OperationalError("insert", {}, sqlite3.OperationalError("database is locked"))


def command_that_raises(error: BaseException | None) -> Callable[[], None]:
    def run() -> None:
        if error is not None:
            raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (None, 0, ""),
        (typer.Exit(1), 1, ""),
        (UserError("Filen finns inte."), 2, "Filen finns inte.\n"),
        (WarehouseUnreachable("Databasen svarar inte."), 1, "Databasen svarar inte.\n"),
        (BUSY, 1, "Databasen används just nu av en annan inläsning eller beräkning. Vänta en stund och försök igen.\n"),
        (KeyboardInterrupt(), 1, "Avbrutet.\n"),
    ],
)
def test_every_end_has_its_code_and_sentence(
    error: BaseException | None,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["samkoll"])
    app = typer.Typer()
    app.command()(command_that_raises(error))
    assert run_command(app) == code
    assert capsys.readouterr().err == says


@pytest.mark.parametrize(
    ("number", "written"), [(29.0, "29"), (0.5, "0.5"), (0.0, "0"), (7, "7"), (None, "None"), (1e6, "1000000")]
)
def test_whole_numbers_have_no_decimal_point(number: float | None, written: str) -> None:
    assert str(whole(number)) == written


def test_a_table_puts_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("namn", "antal"), [("a", 5), ("bcdef", None), ("c", 1000)], empty="Inget.")
    assert capsys.readouterr().out.splitlines() == ["namn   antal", "a          5", "bcdef", "c       1000"]


def test_an_empty_table_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("namn",), [], empty="Inga leveranser än.")
    assert capsys.readouterr().out == "Inga leveranser än.\n"


def test_options_are_parsed_or_told() -> None:
    assert parse_day(None, "--as-of") is None
    assert str(parse_day("2024-02-29", "--as-of")) == "2024-02-29"
    assert str(parse_period("2025-T1", "--from")) == "2025-T1"
    with pytest.raises(UserError, match="--as-of: ”2025-02-29” är ingen dag"):
        parse_day("2025-02-29", "--as-of")
    with pytest.raises(UserError, match="--from: ”2025-T4” är ingen period"):
        parse_period("2025-T4", "--from")
