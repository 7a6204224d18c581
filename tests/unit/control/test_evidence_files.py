"""Which files are kept as evidence: told by their content, and refused when active, bombs, or with identity numbers."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from control.evidence.files import CSV, DOCX, JPEG, MOST_BYTES, PDF, PNG, TEXT, XLSX, FileType, check_file, kept_name
from warehouse.errors import UserError

NUMBER = "20120412-2384"
"""Made up: a birth date and a check digit that holds."""
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_BYTES = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
PDF_BYTES = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPES_XML = '<?xml version="1.0"?><Types/>'


def workbook(*cells: object) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, cells)
    return held.getvalue()


def packed(**parts: str | bytes) -> bytes:
    """A zip; `__` in a name stands for `/`."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


def document(body: str, **more: str | bytes) -> bytes:
    return packed(**{"[Content_Types].xml": TYPES_XML, "word__document.xml": f"<w:body>{body}</w:body>"} | more)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


GOOD: dict[str, tuple[bytes, FileType]] = {
    "pdf": (PDF_BYTES, PDF),
    "png": (PNG_BYTES, PNG),
    "jpeg": (JPEG_BYTES, JPEG),
    "xlsx": (workbook("Enhet", 12, 0.123456789012345, "2025-03-01"), XLSX),
    "docx": (document(f"<w:p>{run('Protokoll 2025-03-01')}</w:p><w:p>{run('12 av 14')}</w:p>"), DOCX),
    "text": ("Möte den 1 mars 2025, 12 av 14.".encode(), TEXT),
    "old text": ("Möte på skolan".encode("cp1252"), TEXT),
}


@pytest.mark.parametrize(("content", "expected"), GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("name", ["underlag.pdf", "x.html", "x.svg", "utan"])
def test_the_content_tells_the_type_whatever_the_name(content: bytes, expected: FileType, name: str) -> None:
    assert check_file(name, content) is expected


def test_text_is_csv_when_it_says_so() -> None:
    assert check_file("Lista.CSV", b"a;b\n1;2\n") is CSV


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "tom"),
    "too large": (b"a" * (MOST_BYTES + 1), "större än 5 MB"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "Filtypen"),
    "html later": (b"hej\n<script>alert(1)</script>", "Filtypen"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "Filtypen"),
    "svg with a mark": ("\ufeff  <svg/>".encode(), "Filtypen"),
    "xml": (b'<?xml version="1.0"?><x/>', "Filtypen"),
    "rtf": (rb"{\rtf1 x}", "Filtypen"),
    "program": (b"MZ\x90\x00\x03\x00", "Filtypen"),
    "utf-16": ("hej".encode("utf-16"), "Filtypen"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "Filtypen"),
    "zip": (packed(**{"a.txt": "hej"}), "Filtypen"),
    "odt": (packed(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"}), "Filtypen"),
    "both": (document("", xl__workbook_xml="", **{"xl/workbook.xml": "<x/>"}), "Filtypen"),
    "broken zip": (b"PK\x03\x04" + bytes(40), "går inte att öppna"),
    "macro": (document("", word__vbaProject="x", **{"word/vbaProject.bin": b"x"}), "makron"),
    "macro by type": (
        packed(**{"[Content_Types].xml": "<Types>application/vnd.ms-word.document.macroEnabled</Types>",
                  "word/document.xml": "<x/>"}), "makron",
    ),
    "embedded": (document("", **{"word/embeddings/oleObject1.bin": b"x"}), "makron"),
    "bomb": (document("", **{"word/media/image1.png": bytes(41 * 1024 * 1024)}), "stor uppackad"),
    "text bomb": (document(run("a" * (6 * 1024 * 1024))), "för mycket text"),
    "many parts": (document("", **{f"p{at}": "" for at in range(1001)}), "många delar"),
    "entities": (document('<!DOCTYPE x [<!ENTITY a "b">]>'), "inte ett vanligt"),
    "pdf cut off": (PDF_BYTES[:30], "avbruten"),
    "pdf with script": (PDF_BYTES.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"), "skript"),
    "pdf with a hidden script": (PDF_BYTES.replace(b"/Catalog", b"/S/J#61vaScript"), "skript"),
    "pdf with a file": (PDF_BYTES.replace(b"/Catalog", b"/EmbeddedFiles 2 0 R"), "skript"),
    "png and more": (PNG_BYTES + b"<script>", "något efter"),
    "jpeg and more": (JPEG_BYTES + b"<script>", "något efter"),
    "number in text": (f"Barnet {NUMBER}".encode(), "personnummer"),
    "number in csv": (f"a;b\n1;{NUMBER}\n".encode(), "personnummer"),
    "number in a cell": (workbook("Barn", NUMBER), "personnummer"),
    "number as a number": (workbook(201204122384), "personnummer"),
    "number in a document": (document(f"<w:p>{run(NUMBER)}</w:p>"), "personnummer"),
    "number in pieces": (document(f"<w:p>{run('2012')}{run('0412-')}{run('2384')}</w:p>"), "personnummer"),
    "number in a footer": (document("", **{"word/footer1.xml": f"<w:p>{run(NUMBER)}</w:p>"}), "personnummer"),
    "number in utf-16": (
        document("", **{"word/footer1.xml": f"<w:p>{run(NUMBER)}</w:p>".encode("utf-16")}), "personnummer",
    ),
    "number as entities": (document(f"<w:p>{run('&#50;0120412-2384')}</w:p>"), "personnummer"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_is_refused_says_why(content: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        check_file("underlag.txt", content)
    assert NUMBER not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Protokoll april.docx", "Protokoll april.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ('a"; filename="b.exe', "a__ filename__b.pdf"),
        ("x\r\nSet-Cookie: a.pdf", "x__Set-Cookie_ a.pdf"),
        ("", "fil.pdf"),
        (".pdf", "fil.pdf"),
        ("å" * 300 + ".pdf", "å" * 100 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(name: str, kept: str) -> None:
    assert kept_name(name, PDF) == kept


def test_a_name_holds_no_identity_number() -> None:
    with pytest.raises(UserError, match="Filens namn"):
        kept_name(f"{NUMBER}.pdf", PDF)
