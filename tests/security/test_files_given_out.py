"""Files that are given out: names from a whitelist, nothing of the machine that made them, the same bytes each time."""

from __future__ import annotations

import getpass
import re
import socket
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from dashboard.exports.comparison import comparison_export
from dashboard.exports.csv_file import write_csv
from dashboard.exports.pdf_file import write_pdf
from dashboard.exports.tables import Export
from dashboard.exports.xlsx_file import write_xlsx
from kpi.organisation import Unit, organisation
from tests.builders.exported import ORGANISATION, comparison_of, share_of

NAMES = (
    "../../etc/passwd",
    'x"; filename="y.exe',
    "a\r\nSet-Cookie: x=1",
    "C:\\x",
    "\u202efdp.exe",
    "~/.ssh",
    "%2e%2e%2f",
)
"""What a unit might be called."""


def export_of(name: str) -> Export:
    unit = Unit("1287-X", name, "board", "1287", "1287", "social")
    town = Unit("1287", name, "municipality", "12", "1287")
    found = comparison_of({"sip_call_complete": (share_of(43, 79),)}, (unit,))
    return comparison_export(found, organisation([town, unit]))


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_made_of_letters_digits_and_dashes(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{1,200}", export_of(name).name), export_of(name).name


def texts_in(content: bytes) -> str:
    """Everything that a workbook or paper says of itself, and its parts."""
    if content.startswith(b"%PDF"):
        reader = PdfReader(BytesIO(content))
        told = f"{dict(reader.metadata or {})} {reader.trailer['/Root'].get('/Metadata', '')}"
        about = reader.xmp_metadata
        return told + (about.stream.get_data().decode() if about is not None else "") + content.decode("latin-1")
    with zipfile.ZipFile(BytesIO(content)) as container:
        return "".join(container.read(part).decode("utf-8", "replace") for part in container.namelist())


@pytest.mark.parametrize("write", [write_xlsx, write_pdf])
def test_nothing_tells_who_or_what_made_it(write: object) -> None:
    assert callable(write)
    content = write(
        comparison_export(comparison_of({"sip_call_complete": (share_of(43, 79), None, None)}), ORGANISATION)
    )
    told = texts_in(content)
    for mine in {getpass.getuser(), socket.gethostname(), str(Path.home()), str(Path.cwd())}:
        if len(mine) > 4:
            assert mine not in told, mine
    assert not re.search(r"/(?:home|root|tmp|Users)/|file://", told)
    assert not re.search(r"<dc:creator>[^<]+|<cp:lastModifiedBy>[^<]+|/Author\s*\([^)]", told)


@pytest.mark.parametrize("write", [write_csv, write_xlsx, write_pdf])
def test_the_same_content_is_the_same_bytes_whatever_the_clock_says(
    write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(write)
    found = comparison_of({"sip_call_complete": (share_of(43, 79), None, None)})
    first = write(comparison_export(found, ORGANISATION))
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert write(comparison_export(found, ORGANISATION)) == first
