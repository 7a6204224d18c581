"""Which files are kept as evidence: their type is told by the content, never by the name. Pure.

What can be read as text (text, CSV, and the text of XLSX and DOCX) is searched for personal identity numbers. PDF and
pictures are not: nothing here opens them, and the form says so.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from warehouse.errors import UserError
from warehouse.identity.spelling import numbers_in

MOST_BYTES = 5 * 1024 * 1024
_MOST_UNPACKED = 40 * 1024 * 1024
_MOST_TEXT = 5 * 1024 * 1024
"""What is searched of a workbook or document; beyond it the file is refused rather than half searched."""
_MOST_PARTS = 1_000
_KINDS_WORDS = "PDF, PNG, JPEG, Excel (xlsx), Word (docx), text och CSV"


@dataclass(frozen=True)
class FileType:
    """A media type, and the ending that its files are given."""

    media_type: str
    ending: str


PDF = FileType("application/pdf", "pdf")
PNG = FileType("image/png", "png")
JPEG = FileType("image/jpeg", "jpg")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
CSV = FileType("text/csv", "csv")
TEXT = FileType("text/plain", "txt")
TYPES = (PDF, PNG, JPEG, XLSX, DOCX, CSV, TEXT)
ENDINGS = {one.media_type: one.ending for one in TYPES}


def check_file(name: str, content: bytes) -> FileType:
    """What the file is. UserError when it is too large, of another type, active, or holds an identity number. The name
    only tells plain text from CSV."""
    if not content:
        raise UserError("Filen är tom. Välj en annan.")
    if len(content) > MOST_BYTES:
        raise UserError(
            f"Filen är större än {MOST_BYTES // 1024**2} MB. Minska den, eller ange diarienummer i stället."
        )
    for begins, check in _BY_START.items():
        if content.startswith(begins):
            return check(content)
    return _text(name, content)


def kept_name(name: str, file_type: FileType) -> str:
    """A file's name without its folders, odd signs and ending, with the type's own. UserError when it holds an identity
    number."""
    base = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"[^\w ().,+-]", "_", base.rpartition(".")[0] if "." in base else base).strip(" ._")[:100] or "fil"
    _refuse_numbers([stem], "Filens namn")
    return f"{stem}.{file_type.ending}"


def _pdf(content: bytes) -> FileType:
    if b"%%EOF" not in content[-1024:]:
        raise UserError("PDF-filen är avbruten. Spara den på nytt och försök igen.")
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content)
    if re.search(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b", plain):
        raise UserError("PDF-filen innehåller skript, bilagor eller formulär. Skriv ut den till en vanlig PDF.")
    return PDF


def _png(content: bytes) -> FileType:
    if content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        raise UserError("Bilden är skadad eller har något efter sitt slut. Spara den på nytt och försök igen.")
    return PNG


def _jpeg(content: bytes) -> FileType:
    if not content.endswith(b"\xff\xd9"):
        raise UserError("Bilden är skadad eller har något efter sitt slut. Spara den på nytt och försök igen.")
    return JPEG


def _office(content: bytes) -> FileType:
    """A workbook or a document: a zip archive of XML parts, each unpacked no further than what is allowed."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = dict(_parts(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise UserError("Filen går inte att öppna. Spara den på nytt utan lösenord och försök igen.") from error
    main = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
    found = [kind for name, kind in main.items() if name in parts]
    if len(found) != 1 or "[Content_Types].xml" not in parts:
        raise UserError(f"Filtypen tas inte emot. Använd {_KINDS_WORDS}.")
    _refuse_active(parts)
    _refuse_numbers(_lines(parts), "Filen")
    return found[0]


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > _MOST_PARTS or len({one.filename for one in entries}) != len(entries):
        raise UserError("Filen har för många delar. Spara den på nytt och försök igen.")
    left = _MOST_UNPACKED
    for entry in entries:
        with archive.open(entry) as part:
            held = part.read(left + 1)
        left -= len(held)
        if left < 0:
            raise UserError("Filen är för stor uppackad. Dela upp den, eller ange diarienummer i stället.")
        yield entry.filename, held


_ACTIVE_PARTS = re.compile(r"vba|macro|activex|embeddings|oleobject|\.bin$|\.exe$|\.js$", re.IGNORECASE)


def _refuse_active(parts: dict[str, bytes]) -> None:
    """Macros and embedded objects. A printer's settings are the only binary part that an ordinary workbook has."""
    names = [name for name in parts if not re.fullmatch(r"xl/printerSettings/printerSettings\d+\.bin", name)]
    types = parts["[Content_Types].xml"].lower()
    if any(map(_ACTIVE_PARTS.search, names)) or b"macroenabled" in types or b"vbaproject" in types:
        raise UserError("Filen innehåller makron eller inbäddade objekt. Spara den utan dem och försök igen.")


def _lines(parts: dict[str, bytes]) -> Iterator[str]:
    """The text of every XML part: a line for each paragraph, cell and shared text, whatever its formatting."""
    left = _MOST_TEXT
    for name, content in parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            xml = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
        except UnicodeDecodeError as error:
            raise UserError("Filens text går inte att läsa. Spara den på nytt och försök igen.") from error
        if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
            raise UserError("Filen är inte ett vanligt Excel- eller Word-dokument. Spara den på nytt och försök igen.")
        text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(?:\w+:)?(?:p|c|v|si|comment)>|\r", "\n", xml)))
        left -= len(text)
        if left < 0:
            raise UserError("Filen har för mycket text för att prövas. Dela upp den, eller ange diarienummer.")
        yield from text.split("\n")


_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|\?xml|iframe|body)|^\s*(?:<|\{\\rtf|%!ps)", re.IGNORECASE)


def _text(name: str, content: bytes) -> FileType:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = "\x00"
    if _NOT_TEXT.search(text) or _MARKUP.search(text):
        raise UserError(f"Filtypen tas inte emot. Använd {_KINDS_WORDS}.")
    _refuse_numbers(text.splitlines(), "Filen")
    return CSV if name.lower().endswith(".csv") else TEXT


def _refuse_numbers(lines: Iterator[str] | list[str], what: str) -> None:
    if any(True for line in lines for _ in numbers_in(line, by_form=True)):
        raise UserError(f"{what} innehåller något som kan vara ett personnummer. Ta bort det och försök igen.")


_BY_START: dict[bytes, Callable[[bytes], FileType]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"PK\x03\x04": _office,
}
