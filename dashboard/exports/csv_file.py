"""An export as CSV, as Swedish Excel opens it: UTF-8 with a byte order mark, semicolons, decimal commas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from itertools import dropwhile
from unicodedata import category

from dashboard.exports.cells import Amount, Cell
from dashboard.exports.tables import Export, Table
from kpi.format import NBSP

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, also after signs that nobody sees."""
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def write_csv(export: Export) -> bytes:
    """The tables, then what is told about them, each after a blank line. A file with one table begins with its
    headings; one with several tells each one's title."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for at, table in enumerate(export.tables):
        if at:
            writer.writerow([])
        if len(export.tables) > 1:
            writer.writerow([in_csv(table.title)])
        writer.writerows(_lines(table))
    writer.writerow([])
    writer.writerow([in_csv(export.title)])
    writer.writerows([in_csv(label), in_csv(sentence)] for label, sentence in export.about.facts)
    if export.about.closings is not None:
        writer.writerow([])
        writer.writerows(_lines(export.about.closings))
    return out.getvalue().encode("utf-8-sig")


def _lines(table: Table) -> Iterator[list[str]]:
    yield [in_csv(column.heading) for column in table.columns]
    yield from _rows(table.rows)


def _rows(rows: Iterable[tuple[Cell, ...]]) -> Iterator[list[str]]:
    for row in rows:
        yield [in_csv(cell) for cell in row]


def in_csv(cell: Cell) -> str:
    """A number with a decimal comma and nothing else, one decimal more than is shown; a text that cannot be run."""
    if isinstance(cell, Amount):
        shown = cell.value * 100 if cell.is_fraction else cell.value
        digits = cell.decimals if cell.unit == "count" and float(shown).is_integer() else cell.decimals + 1
        rounded = Decimal(repr(round(shown, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        plain = f"{rounded:f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return "0" if plain in ("-0", "") else plain.replace(".", ",")
    told = str(cell).replace(NBSP, " ")
    seen = "".join(dropwhile(lambda sign: category(sign) in _UNSEEN, told))
    return f"'{told}" if told.startswith(FORMULA_STARTS) or seen.startswith(FORMULA_STARTS) else told
