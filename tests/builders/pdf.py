"""Reads a tagged PDF's tables through its structure tree, as a screen reader does: not by where ink happens to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream


def pdf_tables(data: bytes) -> list[list[list[str]]]:
    """Every table: its rows, each the texts of its cells."""
    reader = PdfReader(BytesIO(data))
    texts = _Texts(reader)
    return [
        [[texts.under(cell) for cell in elements(row, "TH", "TD")] for row in elements(table, "TR")]
        for table in elements(structure(reader), "Table")
    ]


def pdf_text(data: bytes) -> str:
    """Everything that the pages say, without line breaks and hyphens at line ends."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(" ".join(pages).replace("\u00ad\n", "").replace("\u00a0", " ").split())


def structure(reader: PdfReader) -> Any:
    """The structure tree's root."""
    return reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]


def elements(element: Any, *kinds: str) -> Iterator[Any]:
    """The elements of the kinds below an element, in reading order; not those inside another of them."""
    for kid in _kids(element):
        if not hasattr(kid, "get"):
            continue
        if str(kid.get("/S", "")).lstrip("/") in kinds:
            yield kid
        else:
            yield from elements(kid, *kinds)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    kids = kids.get_object() if kids is not None else []
    return [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]


class _Texts:
    """What is shown inside each marked content of each page."""

    def __init__(self, reader: PdfReader) -> None:
        self._pages = {
            page.indirect_reference.idnum: _marked(page, reader) for page in reader.pages if page.indirect_reference
        }

    def under(self, element: Any, page: int | None = None) -> str:
        """The text of an element and all below it, a line for each paragraph."""
        if "/Pg" in element:
            page = element.raw_get("/Pg").idnum
        found: list[str] = []
        for kid in _kids(element):
            if isinstance(kid, int):
                found.append(self._pages[page or 0].get(int(kid), ""))
            elif kid.get("/Type") == "/MCR":
                of = kid.raw_get("/Pg").idnum if "/Pg" in kid else page
                found.append(self._pages[of or 0].get(int(kid["/MCID"]), ""))
            else:
                found.append(f"{self.under(kid, page)}\n" if kid.get("/S") == "/P" else self.under(kid, page))
        return "".join(found).replace("\u00ad", "").strip()


def _marked(page: Any, reader: PdfReader) -> dict[int, str]:
    fonts = {name: _unicodes(font.get_object()) for name, font in page["/Resources"].get("/Font", {}).items()}
    found: dict[int, str] = {}
    open_: list[int | None] = []
    font: dict[int, str] = {}
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"BDC":
            properties = operands[1]
            open_.append(properties.get("/MCID") if hasattr(properties, "get") else None)
        elif operator == b"BMC":
            open_.append(None)
        elif operator == b"EMC":
            open_.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ"):
            inside = next((int(one) for one in reversed(open_) if one is not None), None)
            if inside is not None:
                found[inside] = found.get(inside, "") + _decoded(operands[0], font)
    return found


def _decoded(shown: Any, font: dict[int, str]) -> str:
    pieces = shown if isinstance(shown, list) else [shown]
    raw = b"".join(one.original_bytes for one in pieces if hasattr(one, "original_bytes"))
    return "".join(font.get(int.from_bytes(raw[at : at + 2], "big"), "?") for at in range(0, len(raw), 2))


def _unicodes(font: Any) -> dict[int, str]:
    """Glyph → text, from the font's own table."""
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = chr(int(text, 16) + step)
    return found
