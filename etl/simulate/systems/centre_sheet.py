"""System 4, the familjecentral's own measurement: XLSX with a sheet a month.

One centre only counts, in a matrix from × to with sums; another keeps a row per referral.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from etl.simulate.files import ROWS_PER_WORKBOOK, excel_day, file_name, workbook, write_row
from etl.simulate.frames import Frames, cells
from etl.simulate.story import Story

COUNTS_FILE = "familjecentral_matris"
REFERRALS_FILE = "familjecentral_lista"

PARTIES = {
    "bvc": "BVC", "mvc": "MVC", "oppen_forskola": "Öppna förskolan", "primarvard": "Vårdcentral",
    "socialtjanst": "Socialrådgivare",
}  # fmt: skip
_OUTCOME = {"received": "Mottagen", "declined": "Tackade nej", "no_contact": "Ingen kontakt", "": ""}
_DAYS = ("referred_on", "received_on", "first_contact_on")
_REFERRAL_HEADERS = ("Nr", "Från", "Till", "Skickad", "Mottagen", "Första kontakt", "Utfall")


def write(folder: Path, story: Story, frames: Frames, *, blemishes: bool) -> list[Path]:
    """The centre's workbook, of the kind that it keeps; none without a centre."""
    if "referral_counts" in frames:
        return [_write_counts(folder, story, frames["referral_counts"], blemishes=blemishes)]
    if "referrals" in frames:
        return _write_referrals(folder, story, frames["referrals"], blemishes=blemishes)
    return []


def _write_counts(folder: Path, story: Story, counts: pd.DataFrame, *, blemishes: bool) -> Path:
    """A matrix per month with row and column sums; an empty cell means none."""
    path = folder / file_name(COUNTS_FILE, story.municipality.code, "xlsx")
    names = list(PARTIES.values())
    with workbook(path) as book:
        _write_notes(book.add_worksheet("Om mätningen"), story)
        for month, rows in counts.groupby("month", sort=True):
            filled = {
                (sender, receiver): int(count)
                for sender, receiver, count in cells(rows, "from_actor", "to_actor", "referred")
            }
            sheet = book.add_worksheet(str(month))
            sheet.write_string(0, 0, f"Hänvisningar {month} (syntetiska data)")
            write_row(sheet, 2, ["Från / Till", *names, "Summa"])
            for number, (sender, name) in enumerate(PARTIES.items(), start=3):
                line = [filled.get((sender, receiver)) for receiver in PARTIES]
                write_row(sheet, number, [name, *line, sum(cell or 0 for cell in line)])
            sums = [sum(filled.get((sender, receiver), 0) for sender in PARTIES) for receiver in PARTIES]
            write_row(sheet, 3 + len(PARTIES), ["Summa", *sums, sum(sums)])
            if blemishes and month == counts["month"].max():
                write_row(sheet, 4 + len(PARTIES), ["Kyrkan", None, None, None, 2])
    return path


def _write_referrals(folder: Path, story: Story, referrals: pd.DataFrame, *, blemishes: bool) -> list[Path]:
    paths = []
    for part, start in enumerate(range(0, len(referrals), ROWS_PER_WORKBOOK), start=1):
        some = referrals.iloc[start : start + ROWS_PER_WORKBOOK]
        path = folder / file_name(REFERRALS_FILE, story.municipality.code, "xlsx", part)
        with workbook(path) as book:
            _write_notes(book.add_worksheet("Om mätningen"), story)
            for month, rows in some.groupby(some["referred_on"].str[:7], sort=True):
                sheet = book.add_worksheet(str(month))
                sheet.write_string(0, 0, f"Hänvisningar {month} (syntetiska data)")
                write_row(sheet, 1, list(_REFERRAL_HEADERS))
                fields = ("referral_id", "from_actor", "to_actor", "outcome", *_DAYS)
                for line, (number, sender, receiver, outcome, *days) in enumerate(cells(rows, *fields), start=2):
                    sent_on, received_on, contact_on = (excel_day(day) for day in days)
                    line_cells = [number, PARTIES[sender], PARTIES[receiver], sent_on, received_on, contact_on]
                    write_row(sheet, line, [*line_cells, _OUTCOME[outcome]])
                if blemishes and month == referrals["referred_on"].max()[:7]:
                    sent = excel_day(rows["referred_on"].iloc[0])
                    write_row(sheet, len(rows) + 2, ["H-utan-nr-1", "BVC", "Kyrkan", sent])
                    write_row(sheet, len(rows) + 3, ["H-utan-nr-2", "BVC", "Vårdcentral", f"omkring {sent}"])
        paths.append(path)
    return paths


def _write_notes(sheet: Worksheet, story: Story) -> None:
    write_row(sheet, 0, [f"Familjecentralens interna mätning, {story.municipality.name}"])
    write_row(sheet, 1, ["Syntetiska data. Ett blad per månad."])
