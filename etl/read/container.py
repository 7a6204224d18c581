"""XLSX and zip containers are checked before anything is unpacked: encryption, bombs, sizes, formulas."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

from etl.read.refusal import DeliveryRefused

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024
_WIDEST_COLUMN = re.compile(rb'<(?:\w+:)?c [^>]*?\br="(?:[A-Z]{3}[0-9]+|[A-Z]{2}[0-9]{5,})"')
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b")
_REFERENCE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


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
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DeliveryRefused(
            f"{kind} är skadad eller av ett annat slag än namnet säger. Exportera den på nytt."
        ) from error
    members = container.infolist()
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
    try:
        return container.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise DeliveryRefused(f"{kind} är skadad. Exportera den på nytt.") from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "bz2"):
            raise DeliveryRefused(f"{kind} är skadad. Exportera den på nytt.") from error
        raise


def sheet_members(container: zipfile.ZipFile) -> dict[str, str]:
    """The container's member for each sheet of a workbook, by the sheet's name."""
    names = set(container.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        raise DeliveryRefused("Filen är ingen Excelarbetsbok. Exportera den som .xlsx och leverera den på nytt.")
    workbook = read_member(container, "xl/workbook.xml", "Excelfilen").decode("utf-8", "replace")
    relations = read_member(container, "xl/_rels/workbook.xml.rels", "Excelfilen").decode("utf-8", "replace")
    targets = {}
    for match in _RELATION.finditer(relations):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        target = attributes.get("Target", "").removeprefix("/").removeprefix("xl/")
        targets[attributes.get("Id", "")] = f"xl/{target}"
    found = {}
    for match in _SHEET.finditer(workbook):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        member = targets.get(attributes.get("r:id", ""), "")
        if member in names:
            found[unescape(attributes.get("name", ""))] = member
    return found


def formulas_in(container: zipfile.ZipFile, member: str) -> list[tuple[int, int]]:
    """Row and column (from 0) of each formula cell of a sheet; DeliveryRefused when cells stand absurdly far out."""
    sheet = read_member(container, member, "Excelfilen")
    if _WIDEST_COLUMN.search(sheet):
        raise DeliveryRefused(
            "Excelfilen har ifyllda celler långt utanför tabellen. Ta bort dem och leverera filen på nytt."
        )
    found = []
    for match in _FORMULA.finditer(sheet):
        reference = _REFERENCE.search(match[1])
        if reference is not None:
            found.append((int(reference[2]) - 1, _column_number(reference[1])))
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
