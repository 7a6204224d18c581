"""XLSX and zip containers are checked before anything is unpacked: encryption, bombs, sizes, formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from etl.read.refusal import DeliveryRefused
from etl.read.signature import kind_of

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024
_MOST_MEMBERS = 20_000
_READ_AT_A_TIME = 1024 * 1024
_TAG = rb"<(?:\w{1,30}:)?%s\b([^<>]*+)>"
# Every repeat ends at a sign that it cannot hold itself, so that no text takes more than linear time.
_FAR_RIGHT = re.compile(rb"""(?<!\w)r\s*+=\s*+["'](?:[A-Za-z]{3,}[0-9]|[A-Za-z]{2}[0-9]{5})""")
_FAR_DOWN = re.compile(rb"""(?<!\w)r\s*+=\s*+["'][A-Za-z]?[0-9]{6}""")
_FAR_DOWN_NEEDS_BYTES = 2_000_000
"""A hundred thousand rows with something in them take more than this."""
_FORMULA = re.compile(_TAG % b"c" + rb"\s*+<(?:\w{1,30}:)?f\b")
_REFERENCE = re.compile(rb"""(?<!\w)r\s*+=\s*+["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET = re.compile((_TAG % b"sheet").decode())
_RELATION = re.compile((_TAG % b"Relationship").decode())
_ATTRIBUTE = re.compile(r"""(?<![\w:])([\w:]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^<>]*+>)?\s*+<[A-Za-z_]([^<>]*+)>")
_COUNT = re.compile(rb"""[cC]ount\s*+=\s*+["']\+?0*+([0-9]++)""")
_DOCTYPE = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)
_LOOKED_AT = 64 * 1024


def open_container(content: bytes, *, largest_bytes: int, kind: str) -> zipfile.ZipFile:
    """The container; DeliveryRefused when it is empty, encrypted, damaged or would unpack to too much.

    `kind` names it in sentences ("Excelfilen", "Arkivet").
    """
    if not content:
        raise DeliveryRefused(f"{kind} är tom (0 byte). Kontrollera exporten i källsystemet och leverera den på nytt.")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise DeliveryRefused(
                f"{kind} är krypterad med lösenord. Spara den utan lösenord och leverera den på nytt."
            )
        raise DeliveryRefused(f"{kind} har ett gammalt format. Spara den som .xlsx och leverera den på nytt.")
    if not content.startswith(_ZIP):
        found = (
            f"egentligen {known}" if (known := kind_of(content)) else "skadad eller av ett annat slag än namnet säger"
        )
        raise DeliveryRefused(f"{kind} är {found}. Exportera den på nytt.")
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(kind) from error
    members = container.infolist()
    if len(members) > _MOST_MEMBERS:
        raise DeliveryRefused(f"{kind} har fler än {_MOST_MEMBERS} delar. Dela upp leveransen.")
    if any(member.flag_bits & 1 for member in members):
        raise DeliveryRefused(f"{kind} är krypterad med lösenord. Spara den utan lösenord och leverera den på nytt.")
    unpacked = sum(member.file_size for member in members)
    too_dense = unpacked > _RATIO_COUNTS_FROM_BYTES and unpacked > _LARGEST_RATIO * len(content)
    if unpacked > largest_bytes or too_dense:
        raise DeliveryRefused(
            f"{kind} skulle packas upp till {unpacked // 1024**2} MB, mer än vad som tillåts (en så kallad zipbomb). "
            "Dela upp leveransen eller höj SAMKOLL_MAX_FILE_MB."
        )
    return container


def read_member(container: zipfile.ZipFile, name: str, kind: str) -> bytes:
    """A member's bytes, at most as many as the container's list says; DeliveryRefused when it is damaged."""
    with _damage_told(kind):
        return container.read(name)


def check_members(container: zipfile.ZipFile, kind: str) -> None:
    """Unpack every member and throw it away: DeliveryRefused when one is not what the container's list says, or is XML
    with a document type. A program that trusts the list less would unpack more than it says."""
    for member in container.infolist():
        with _damage_told(kind), container.open(member) as unpacked:
            _check_start(unpacked.read(_LOOKED_AT), member, kind)
            while unpacked.read(_READ_AT_A_TIME):
                pass


def _check_start(start: bytes, member: zipfile.ZipInfo, kind: str) -> None:
    """A part's root element tells how many entries follow: room is made for so many, so it may not boast."""
    if not member.filename.endswith((".xml", ".rels")):
        return
    if b"\0" in start:
        raise DeliveryRefused(f"{kind} är skriven i UTF-16. Spara den på nytt i Excel.")
    if _DOCTYPE.search(start):
        raise DeliveryRefused(f"{kind} innehåller en dokumenttyp (DOCTYPE), som ingen Excelfil har. Spara den på nytt.")
    root = _ROOT.match(start)
    if root is None or any(int(count[:20]) > member.file_size for count in _COUNT.findall(root[1])):
        raise _damaged(kind)


@contextmanager
def _damage_told(kind: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _damaged(kind) from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "bz2"):
            raise _damaged(kind) from error
        raise


def _damaged(kind: str) -> DeliveryRefused:
    return DeliveryRefused(f"{kind} är skadad. Exportera den på nytt.")


def sheet_members(container: zipfile.ZipFile) -> dict[str, str]:
    """The container's member for each sheet of a workbook, by the sheet's name."""
    names = set(container.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        raise DeliveryRefused("Filen är ingen Excelarbetsbok. Exportera den som .xlsx och leverera den på nytt.")
    workbook = read_member(container, "xl/workbook.xml", "Excelfilen").decode("utf-8", "replace")
    relations = read_member(container, "xl/_rels/workbook.xml.rels", "Excelfilen").decode("utf-8", "replace")
    targets = {}
    for match in _RELATION.finditer(relations):
        attributes = _attributes(match[1])
        target = attributes.get("Target", "").removeprefix("/").removeprefix("xl/")
        targets[attributes.get("Id", "")] = f"xl/{target}"
    found = {}
    for match in _SHEET.finditer(workbook):
        attributes = _attributes(match[1])
        member = targets.get(attributes.get("r:id", ""), "")
        if member in names:
            found[unescape(attributes.get("name", ""))] = member
    return found


def formulas_in(container: zipfile.ZipFile, member: str) -> list[tuple[int, int]]:
    """Row and column (from 0) of each formula cell of a sheet; DeliveryRefused when cells stand absurdly far out."""
    sheet = read_member(container, member, "Excelfilen")
    is_thin = len(sheet) < _FAR_DOWN_NEEDS_BYTES
    if _FAR_RIGHT.search(sheet) or (is_thin and _FAR_DOWN.search(sheet)):
        raise DeliveryRefused(
            "Excelfilen har ifyllda celler långt utanför tabellen. Ta bort dem och leverera filen på nytt."
        )
    found = []
    for match in _FORMULA.finditer(sheet):
        reference = _REFERENCE.search(match[1])
        if reference is not None:
            found.append((int(reference[2]) - 1, _column_number(reference[1])))
    return found


def _attributes(text: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
