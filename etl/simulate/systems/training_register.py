"""System 5, the training register: XLSX, a sheet per measurement, a row per person and course with its last day.

The register says who is concerned and when each last took the course; staff and trained are sums over it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from etl.simulate.files import file_name, workbook, write_row
from etl.simulate.frames import cells
from etl.simulate.story import Story

FILE = "utbildningsregister"

COURSES = {
    "agreements": "Överenskommelser och ramverk", "sip_routine": "SIP-rutinen", "secrecy": "Sekretess och samtycke",
}  # fmt: skip
_HEADERS = ("Anst.nr", "Enhet", "Kurs", "Senast genomförd")


def write(
    folder: Path, story: Story, training: pd.DataFrame, rng: np.random.Generator, *, blemishes: bool
) -> list[Path]:
    """One workbook with a sheet for each measured month; none when the window holds no measurement."""
    if training.empty:
        return []
    path = folder / file_name(FILE, story.municipality.code, "xlsx")
    with workbook(path) as book:
        for month, rows in training.groupby("month", sort=True):
            sheet = book.add_worksheet(str(month))
            sheet.write_string(0, 0, "Utbildningsregister (syntetiska data)")
            write_row(sheet, 1, list(_HEADERS))
            number = 2
            for unit, subject, staff, trained in cells(rows, "unit_code", "subject", "staff", "trained"):
                days = _completed(str(month), int(staff), int(trained), rng)
                local = unit.split("-", 1)[1]
                for person, day in enumerate(days, start=1):
                    write_row(sheet, number, [f"{local}-{person:03}", local, COURSES[subject], day])
                    number += 1
            if blemishes and month == training["month"].max():
                write_row(sheet, number, [f"{local}-001", local, "Brandskydd"])
    return [path]


def _completed(month: str, staff: int, trained: int, rng: np.random.Generator) -> list[date | None]:
    """Each person's last day on the course: in the 12 months up to and including the month, older, or never."""
    end = np.datetime64(month) + 1
    day = end.astype("datetime64[D]")
    year = int((day - (end - 12).astype("datetime64[D]")).astype(int))
    recent = day - rng.integers(1, year + 1, trained).astype("timedelta64[D]")
    older = day - rng.integers(year + 1, 3 * year, staff - trained).astype("timedelta64[D]")
    never = rng.random(staff - trained) < 0.5
    return [*recent.tolist(), *(None if blank else old for blank, old in zip(never, older.tolist(), strict=True))]
