"""System 7, the register that a collaboration coordinator keeps by hand: two workbooks with title rows.

Agreements and group mandates have a sheet each; meetings have a sheet a year, where an x means yes.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from etl.simulate.files import excel_day, file_name, workbook, write_row
from etl.simulate.frames import Frames, cells
from etl.simulate.organisation import boards
from etl.simulate.story import Story

AGREEMENTS_FILE = "samverkansregister_avtal"
MEETINGS_FILE = "samverkansregister_moten"

SHEETS = {"agreement": "Överenskommelser", "group_mandate": "Gruppuppdrag"}
FORUMS = {
    "central": "Central samverkansgrupp", "delregional": "Delregional samverkan", "local": "Lokal arbetsgrupp",
    "steering": "Styrgrupp", "information": "Informationstillfälle",
}  # fmt: skip
_AGREEMENT_HEADERS = ("Nr", "Benämning", "Parter", "Gäller från", "Gäller till", "Undertecknad", "Senast översedd")
_MEETING_HEADERS = (
    "Nr", "Forum", "Nämnd", "Planerat", "Genomfört", "Minnesanteckning klar", "Barn och unga på dagordningen",
)  # fmt: skip
_FIRST_ROW = 4
"""Below two title rows, a blank one and the headers."""


def write(folder: Path, story: Story, frames: Frames, *, blemishes: bool) -> list[Path]:
    """Both workbooks."""
    code = story.municipality.code
    agreements, meetings = (folder / file_name(name, code, "xlsx") for name in (AGREEMENTS_FILE, MEETINGS_FILE))
    with workbook(agreements) as book:
        _write_agreements(book, story, frames["agreements"], blemishes=blemishes)
    with workbook(meetings) as book:
        _write_meetings(book, story, frames["meetings"], blemishes=blemishes)
    return [agreements, meetings]


def _write_agreements(book: xlsxwriter.Workbook, story: Story, agreements: pd.DataFrame, *, blemishes: bool) -> None:
    for kind, name in SHEETS.items():
        rows = agreements[agreements["kind"] == kind]
        sheet = _sheet(book, story, name, "Överenskommelser och uppdrag i samverkan", _AGREEMENT_HEADERS)
        fields = ("agreement_id", "name", "parties", "valid_from", "valid_to", "signed_on", "reviewed_on")
        for line, (number, title, parties, *days) in enumerate(cells(rows, *fields), start=_FIRST_ROW):
            write_row(sheet, line, [number, title, parties, *(excel_day(day) for day in days)])
        if blemishes and kind == "agreement":
            wished = ["AVT-F1", "Överenskommelse om tidiga insatser", "Ej klart", "efter sommaren"]
            write_row(sheet, _FIRST_ROW + len(rows), wished)


def _write_meetings(book: xlsxwriter.Workbook, story: Story, meetings: pd.DataFrame, *, blemishes: bool) -> None:
    names = {f"{story.municipality.code}-{board.local}": board.name for board in boards(story.municipality)}
    fields = ("meeting_id", "forum", "board_code", "children_on_agenda", "planned_on", "held_on", "minutes_on")
    years = meetings["planned_on"].str[:4]
    for year, rows in meetings.groupby(years, sort=True):
        sheet = _sheet(book, story, f"Möten {year}", "Möten i samverkan", _MEETING_HEADERS)
        for line, (number, forum, board, agenda, *days) in enumerate(cells(rows, *fields), start=_FIRST_ROW):
            line_cells = [number, FORUMS[forum], names.get(board), *(excel_day(day) for day in days)]
            write_row(sheet, line, [*line_cells, "x" if agenda == "ja" else None])
        if blemishes and year == years.min():
            planned = excel_day(rows["planned_on"].iloc[0])
            write_row(sheet, _FIRST_ROW + len(rows), ["FRU-1", "Frukostmöte", None, planned])


def _sheet(book: xlsxwriter.Workbook, story: Story, name: str, title: str, headers: tuple[str, ...]) -> Worksheet:
    sheet = book.add_worksheet(name)
    write_row(sheet, 0, [f"{title} – {story.municipality.name}"])
    write_row(sheet, 1, [f"Syntetiska data. Avstämd {story.until}"])
    write_row(sheet, _FIRST_ROW - 1, list(headers))
    return sheet
