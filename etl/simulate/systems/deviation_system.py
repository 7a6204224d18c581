"""System 3, the deviation system: XLSX with two title rows, two merged header rows, Excel dates and free text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from etl.simulate.files import ROWS_PER_WORKBOOK, excel_day, file_name, workbook, write_row
from etl.simulate.frames import cells
from etl.simulate.story import Story
from etl.simulate.systems.case_system import ACTORS

FILE = "avvikelser"

_HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Ärende", ("Nr", "Enhet", "Plan")),
    ("Datum", ("Inträffat", "Rapporterat", "Återkopplat", "Åtgärd beslutad", "Effekt bedömd", "Avslutat")),
    ("Parter", ("Rapporterande", "Motpart")),
    ("Bedömning", ("Kategori", "Allvar", "Nivå", "Effekt")),
    ("Fritext", ("Beskrivning",)),
)
_CATEGORIES = {
    "utebliven_medverkan": "01 Utebliven medverkan", "oklart_ansvar": "02 Oklart ansvar",
    "finansieringstvist": "03 Finansieringstvist", "bristande_information": "04 Bristande information",
    "sekretess_samtycke": "05 Sekretess och samtycke", "bristande_tillganglighet": "06 Bristande tillgänglighet",
    "utskrivning": "07 Utskrivning", "annan": "99 Annat",
}  # fmt: skip
_NEW_CATEGORY = "08 Digital samverkan"
"""A category that the system's administrators added without telling anybody."""
_SEVERITY = {"low": "Grön", "medium": "Gul", "high": "Röd", "": ""}
_LEVEL = {"managers": "Närmaste chefer", "working_group": "Lokal arbetsgrupp", "steering_group": "Styrgrupp", "": ""}
_EFFECT = {"yes": "Ja", "partly": "Delvis", "no": "Nej", "": ""}

_DAYS = ("occurred_on", "reported_on", "feedback_on", "action_decided_on", "effect_assessed_on", "closed_on")

Row = list[str | int | date | None]


def write(folder: Path, story: Story, deviations: pd.DataFrame, *, blemishes: bool, breaks: bool) -> list[Path]:
    """All deviations (no file without any); `breaks` adds so many rows of an unknown category that it must be held."""
    exported = rows(deviations)
    if blemishes and exported:
        exported += _blemishes(exported)
    if breaks and exported:
        extra = max(14, len(exported) // 12)
        exported += [
            [f"AVV{_year(story)}-N{place + 1}", *exported[-1 - place % len(exported)][1:11], _NEW_CATEGORY, "Gul"]
            for place in range(extra)
        ]
    paths = []
    for part, start in enumerate(range(0, len(exported), ROWS_PER_WORKBOOK), start=1):
        path = folder / file_name(FILE, story.municipality.code, "xlsx", part)
        _write_workbook(path, story, exported[start : start + ROWS_PER_WORKBOOK])
        paths.append(path)
    return paths


def rows(deviations: pd.DataFrame) -> list[Row]:
    """Canonical deviations in the system's words and cells, in the headers' order."""
    names = ("deviation_id", "unit_code", "sip_id", "reporting_actor", "counterpart_actor", "category", "severity")
    more = ("level", "effect", "description")
    days = zip(*(deviations[field].map(excel_day) for field in _DAYS), strict=True)
    return [
        [number, unit.split("-", 1)[1], plan, *when, ACTORS[reporting], ACTORS[counterpart], _CATEGORIES[category],
         _SEVERITY[severity], _LEVEL[level], _EFFECT[effect], text]
        for (number, unit, plan, reporting, counterpart, category, severity, level, effect, text), when in zip(
            cells(deviations, *names, *more), days, strict=True
        )
    ]  # fmt: skip


def _blemishes(exported: list[Row]) -> list[Row]:
    """An unknown category, a day written as the contract forbids, and no counterpart."""
    number, reported = str(exported[-1][0])[:8], exported[-1][4]
    assert isinstance(reported, date)
    unknown, foreign, alone = ([f"{number}F{place + 1}", *exported[-1][1:]] for place in range(3))
    unknown[11] = _NEW_CATEGORY
    foreign[4] = reported.strftime("%d/%m/%Y")
    alone[10] = None
    return [unknown, foreign, alone]


def _write_workbook(path: Path, story: Story, exported: list[Row]) -> None:
    with workbook(path) as book:
        title, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "border": 1})
        sheet = book.add_worksheet("Avvikelser")
        sheet.set_column(0, 15, 16)
        sheet.write_string(0, 0, f"Avvikelser i samverkan – {story.municipality.name}", title)
        sheet.write_string(1, 0, f"Syntetiska data. Uttag {story.until}")
        column = 0
        for above, below in _HEADERS:
            if len(below) > 1:
                sheet.merge_range(2, column, 2, column + len(below) - 1, above, head)
            else:
                sheet.write_string(2, column, above, head)
            column += len(below)
        for place, name in enumerate(name for _, below in _HEADERS for name in below):
            sheet.write_string(3, place, name, head)
        for number, cells in enumerate(exported, start=4):
            write_row(sheet, number, cells)


def _year(story: Story) -> str:
    return str(story.until)[:4]
