"""How the `samkoll` command speaks: Swedish help and errors, exit codes, JSON, tables and progress bars.

Exit codes: 0 ok, 1 failed, 2 the user's error. A user's error never shows a traceback; an unexpected one shows a
sentence, and its traceback is in the log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from kpi.disclosure.suppressed import Suppressed
from warehouse import clock
from warehouse.errors import UserError

if TYPE_CHECKING:
    from kpi.period import Period
    from warehouse.settings import Settings

OK, FAILED, USER_ERROR = 0, 1, 2
ONLY_TO_FILE = logging.CRITICAL + 1  # the demo's helpers: its last line is the one that says where to look
_INTERRUPTED = 130  # what typer makes of Ctrl-C

AsJson = Annotated[bool, typer.Option("--json", help="Skriv JSON i stället för text.")]

Progress = Callable[[str, int, int], None]

_HELP_WORDS = (
    (r"^Usage:", "Användning:"),
    (r"^Options:", "Alternativ:"),
    (r"^Arguments:", "Argument:"),
    (r"^Commands:", "Kommandon:"),
    (r"\bShow this message and exit\.", "Visa den här hjälpen."),
    (r"\[OPTIONS\]", "[ALTERNATIV]"),
    (r"\bCOMMAND \[ARGS\]\.\.\.", "KOMMANDO …"),
    (r"\[required\]", "[måste anges]"),
    (r"\[default: ", "[förval: "),
)


def _in_swedish(text: str) -> str:
    for english, swedish in _HELP_WORDS:
        text = re.sub(english, swedish, text, flags=re.MULTILINE)
    return text


class SwedishCommand(TyperCommand):
    """A command whose help is in Swedish, also the words that typer writes itself."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _in_swedish(super().get_help(ctx))


class SwedishGroup(TyperGroup):
    """A group of commands whose help is in Swedish."""

    def get_help(self, ctx: Any) -> str:
        """The help text."""
        return _in_swedish(super().get_help(ctx))


def run_command(app: typer.Typer) -> int:
    """Run the command line; returns the exit code and has told the user what went wrong."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        _tell(describe_usage_error(error))
        return USER_ERROR
    except UserError as error:
        _tell(str(error))
        return USER_ERROR
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _tell_unexpected(error)
    if code == _INTERRUPTED:
        _tell("Avbrutet.")
        return FAILED
    return code if isinstance(code, int) else OK


def _tell_unexpected(error: Exception) -> int:
    from warehouse.opening import WarehouseUnreachable

    if isinstance(error, WarehouseUnreachable):
        _tell(str(error))
        return FAILED
    if "database is locked" in str(error):
        _tell("Databasen används just nu av en annan inläsning eller beräkning. Vänta en stund och försök igen.")
        return FAILED
    import structlog

    from warehouse.log import log_file

    place = log_file(open_settings(logging.CRITICAL).data_dir)
    structlog.get_logger("cli").exception("unexpected error")
    _tell(f"Oväntat fel ({type(error).__name__}). Vad som hände står i loggen {place}.")
    return FAILED


def describe_usage_error(error: typer.TyperException) -> str:
    """Typer's own usage errors, told in Swedish with the way to the help."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "samkoll"
    return f"{_usage_sentence(error)} Se ”{command} --help”."


def _usage_sentence(error: typer.TyperException) -> str:
    hint = getattr(getattr(error, "param", None), "get_error_hint", lambda: "")().strip("'")
    match type(error).__name__:
        case "NoSuchOption":
            near = getattr(error, "possibilities", None)
            tip = f" Menade du {' eller '.join(near)}?" if near else ""
            return f"Alternativet {getattr(error, 'option_name', '')} finns inte.{tip}"
        case "MissingParameter":
            return f"Du måste ange {hint}."
        case "BadParameter":
            remedy = " Skriv ett heltal." if "integer" in error.message else ""
            return f"Värdet för {hint} går inte att använda.{remedy}"
        case "BadOptionUsage" if "does not take" in error.message:
            return f"Alternativet {getattr(error, 'option_name', '')} tar inget värde."
        case "BadOptionUsage":
            return f"Alternativet {getattr(error, 'option_name', '')} måste ha ett värde."
    found = re.search(r"No such command '([^']*)'", error.message)
    if found:
        return f"Kommandot ”{found[1]}” finns inte."
    found = re.search(r"unexpected extra argument\S* \((.*)\)", error.message)
    if found:
        return f"Det finns för många argument: {found[1]}."
    return "Ange ett kommando." if error.message.startswith("Missing command") else error.message


def open_settings(stderr_level: int = logging.WARNING) -> Settings:
    """The settings, with the log opened where they say."""
    from warehouse.identity.mask import mask_text
    from warehouse.log import configure_log
    from warehouse.settings import load_settings

    settings = load_settings()
    configure_log(settings.data_dir, mask_text, stderr_level=stderr_level)
    return settings


def parse_day(text: str | None, option: str) -> date | None:
    """A day such as 2025-03-31; None stays None."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option}: ”{text}” är ingen dag. Skriv till exempel 2025-03-31.") from None


def parse_period(text: str | None, option: str) -> Period | None:
    """A period such as 2025-03, 2025-T1 or 2025; None stays None."""
    from kpi.period import Period

    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError as error:
        raise UserError(f"{option}: {error}") from None


def parse_limits(first: str | None, last: str | None) -> tuple[Period | None, Period | None]:
    """The periods of --from and --to, which must not end before it begins."""
    begin, end = parse_period(first, "--from"), parse_period(last, "--to")
    if begin is not None and end is not None and begin.first_day > end.last_day:
        raise UserError(f"--from {begin} ligger efter --to {end}. Låt --to vara samma period eller en senare.")
    return begin, end


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def print_json(value: object) -> None:
    """One JSON document on stdout, å ä ö as themselves; the reader is a program."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_as_text))


def _as_text(value: object) -> str:
    """Moments as ISO 8601 with the Swedish offset, whichever database they come from; days and codes as they are."""
    return clock.local(value).isoformat() if isinstance(value, datetime) else str(value)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """A table for people; the sentence `empty` when it has no rows. Numbers stand to the right."""
    if not rows:
        print(empty)
        return
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(len(header), *(len(row[at]) for row in texts)) for at, header in enumerate(headers)]
    numeric = [all(isinstance(row[at], int | float | Suppressed | None) for row in rows) for at in range(len(headers))]
    for line in [list(headers), *texts]:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        print("  ".join(cells).rstrip())


@contextmanager
def progress_bars() -> Iterator[Progress | None]:
    """Bars on stderr for long steps; None (no bars) when nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show


def read_stdin(example: str) -> str:
    """All of standard input as text; UserError when nothing is sent, or it is no UTF-8. `example`: how it is sent."""
    if sys.stdin.isatty():
        raise UserError(f"Indata läses från standard in. Skriv till exempel: {example}")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("Indata på stdin är inte UTF-8. Spara filen som UTF-8 och försök igen.") from None
