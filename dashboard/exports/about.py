"""What a reader of a file must know: whose figures, which closings, and what is not shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from dashboard import texts
from dashboard.exports.cells import NOT_RELEASED
from dashboard.exports.tables import About, Column, Table
from kpi import format as text
from kpi.definition import Definition
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Organisation, Unit
from kpi.period import Period
from kpi.views.released import Closing
from warehouse import clock

HIDDEN = (
    "Visas inte (för få fall). Uppgiften kan vara dold för sin egen skull eller för att ingen ska kunna räkna ut en "
    "annan. Den är varken noll eller okänd."
)
_NOT_RELEASED = "Perioden är inte stängd för platsen, eller så redovisas nyckeltalet inte där."
_INTERVAL = "Så säkert är värdet. Ju färre fall, desto bredare intervall; en skillnad som ryms i det är inte säker."
_CLOSINGS = (
    Column("Nämnd", 26, is_text=True),
    Column("Period", 26, is_text=True),
    Column("Stängd", 30, is_text=True),
    Column("Rättelse", 44, is_text=True),
    Column("Fingeravtryck", 66, is_text=True),
)


def about(
    definitions: Iterable[Definition],
    units: Sequence[Unit],
    organisation: Organisation,
    end: Period,
    closings: Iterable[Closing],
    *,
    is_synthetic: bool,
) -> About:
    """Of a file about these figures and units up to the month `end`. `closings`: all that the reader may see."""
    boards = _boards(units, organisation)
    behind = [one for one in closings if one.period.last_day <= end.last_day and one.board.code in boards]
    facts = [
        ("Kommun", listed(municipality_names(units, organisation))),
        ("Nämnd", listed(dict.fromkeys(place_name(one.board, units, organisation) for one in reversed(behind)))),
        ("Till och med", text.month(end)),
        ("Utlämnandeklass", _classes(definitions)),
        (str(SUPPRESSED), HIDDEN),
        (str(NOT_RELEASED), _NOT_RELEASED),
        ("95 %-intervall", _INTERVAL),
    ]
    if is_synthetic:
        facts.insert(0, (texts.SYNTHETIC, text.capital(texts.SYNTHETIC_HELP)))
    rows = tuple(
        (
            place_name(one.board, units, organisation),
            text.month(one.period),
            text.moment(one.closed_at),
            f"Nr {one.revision}: {one.reason}" if one.reason else "",
            one.content_hash,
        )
        for one in behind
    )
    table = Table("Stängda perioder", "Stängda perioder som uppgifterna kommer ur", _CLOSINGS, rows)
    made_at = max((clock.utc(one.closed_at) for one in behind), default=datetime(2000, 1, 1, tzinfo=UTC))
    return About(tuple(facts), table, made_at.replace(microsecond=0), is_synthetic)


def place_name(unit: Unit, units: Sequence[Unit], organisation: Organisation) -> str:
    """The unit's name; with its municipality's where the file holds several."""
    several = len({one.municipality_code for one in units}) > 1
    above = organisation.municipality(unit.municipality_code) if several and unit.level != "municipality" else None
    return f"{unit.name}, {above.name}" if above else unit.name


def municipality_names(units: Iterable[Unit], organisation: Organisation) -> list[str]:
    """The municipalities of the units, in the units' order."""
    codes = dict.fromkeys(unit.municipality_code for unit in units if unit.municipality_code)
    found = [(organisation.municipality(code), code) for code in codes]
    return [unit.name if unit else code for unit, code in found]


def listed(names: Iterable[str]) -> str:
    """`a, b och c`."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} och {last}" if most else last


def file_name(*parts: str) -> str:
    """Parts as a file's name without ending, in letters that every system can write: `samkoll-jamforelse-2024-12`."""
    plain = "-".join(["samkoll", *parts]).casefold().translate(str.maketrans("åäöéü", "aaoeu"))
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "-" for letter in plain)
    return "-".join(part for part in kept.split("-") if part)[:100].rstrip("-")


def _classes(definitions: Iterable[Definition]) -> str:
    present = {one.release_class for one in definitions}
    return " ".join(f"{words}." for code, words in texts.RELEASE_CLASSES.items() if code in present)


def _boards(units: Iterable[Unit], organisation: Organisation) -> set[str]:
    """The boards that the units are or lie under; of a municipality all of its boards."""
    found: set[str] = set()
    for unit in units:
        above = organisation.boards_of(unit.code, date.min, date.max)
        found |= above or {board.code for board in organisation.boards(unit.municipality_code)}
    return found
