"""`samkoll report …`: papers for the board, from its newest closed period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from terminal import SwedishCommand, SwedishGroup, open_settings, parse_period
from warehouse import clock
from warehouse.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from control.papers.kinds import PaperKind

app = typer.Typer(
    cls=SwedishGroup,
    rich_markup_mode=None,
    help="Handlingar till nämnden, gjorda av stängda perioder: samma uppgifter ger samma fil.",
)

Board = Annotated[str, typer.Option("--board", metavar="KOD", help="Nämndens enhetskod.")]
PeriodText = Annotated[
    str | None, typer.Option("--period", metavar="PERIOD", help="Annars den senaste stängda perioden.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FIL", help="Filen att skriva: .pdf, .docx, .xlsx eller .html.")]
Number = Annotated[str, typer.Option("--number", metavar="DNR", help="Handlingens diarienummer.")]
Secret = Annotated[
    bool, typer.Option("--secret-annex", help="Skriv i stället bilagan under sekretess, med det som är dolt.")
]


def _add(name: str, told: str) -> Callable[..., None]:
    def command(
        board: Board, out: Out, period: PeriodText = None, number: Number = "", secret_annex: Secret = False
    ) -> None:
        from control.papers.kinds import PaperKind

        write_report(PaperKind(name.replace("-", "_")), board, period, out, number, is_secret=secret_annex)

    command.__doc__ = told
    app.command(name, cls=SwedishCommand)(command)
    return command


def write_report(kind: PaperKind, board: str, period: str | None, out: Path, number: str, *, is_secret: bool) -> None:
    """Write the file and say what it is. UserError where it cannot be made or written; nothing is kept."""
    from control.audit.actions import Action
    from control.audit.log import record
    from control.papers.files.formats import FORMATS
    from control.papers.gather import Wanted, gather
    from control.papers.reading import no_annex_words
    from kpi.access import OPERATOR
    from kpi.loader import load_catalogue
    from warehouse.database import reading
    from warehouse.opening import open_warehouse

    ending = out.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise UserError(f"--out: {out} har ingen känd ändelse. Skriv .pdf, .docx, .xlsx eller .html.")
    settings = open_settings()
    wanted_period = parse_period(period, "--period")
    engine = open_warehouse(settings)
    with reading(engine) as connection:
        wanted = Wanted(kind, board, wanted_period, clock.today(), version=0, registration_number=number)
        found = gather(connection, load_catalogue(settings.definitions), wanted)
    document = found.secret if is_secret else found.public
    if document is None:
        raise UserError(no_annex_words(kind))
    content = FORMATS[ending][0](document)
    record(engine, OPERATOR, Action.EXPORT, f"{kind.command} {board} {document.head.period}", board_code=board)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(f"--out: {out} går inte att skriva ({error.strerror}). Välj en annan fil.") from None
    print(f"{out}: {document.title}, {document.head.board}.")
    print(f"Fingeravtryck: {document.hash}")


_add("control-plan", "Skriv nämndens interna kontrollplan för ett år.")
_add("monthly", "Skriv månadsuppföljningen.")
_add("tertial", "Skriv tertialuppföljningen.")
_add("year", "Skriv årsuppföljningen.")
_add("audit-answer", "Skriv yttrandet över revisionsrapporten.")
