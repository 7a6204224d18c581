"""What bytes are, told by how they begin and never by a name."""

from __future__ import annotations

_SIGNATURES = {
    b"PK": "en Excelfil eller ett zip-arkiv",
    b"\xd0\xcf\x11\xe0": "en Excelfil i gammalt format eller med lösenord",
    b"%PDF": "en PDF",
    b"\x1f\x8b": "ett gzip-arkiv",
    b"7z\xbc\xaf\x27\x1c": "ett 7z-arkiv",
    b"Rar!": "ett rar-arkiv",
    b"BZh": "ett bzip2-arkiv",
    b"\xfd7zXZ": "ett xz-arkiv",
    b"MZ": "ett program",
    b"\x7fELF": "ett program",
    b"#!": "ett program",
    b"\x89PNG": "en bild",
    b"\xff\xd8\xff": "en bild",
    b"GIF8": "en bild",
    b"{\\rtf": "ett RTF-dokument",
    b"SQLite format 3": "en databas",
    b"PAR1": "en Parquetfil",
}
_MARKUP = {b"<!doctype html": "en webbsida", b"<html": "en webbsida", b"<?xml": "en XML-fil"}
_BOM = b"\xef\xbb\xbf"
_BINARY_LETTERS = (b"PK", b"MZ")


def kind_of(content: bytes) -> str | None:
    """What the bytes are when they are something else than text ("en PDF"); None when nothing says so."""
    start = content[:64]
    for signature, kind in _SIGNATURES.items():
        if start.startswith(signature) and (signature not in _BINARY_LETTERS or _goes_on_in_binary(start)):
            return kind
    markup = start.removeprefix(_BOM).lstrip().lower()
    return next((kind for signature, kind in _MARKUP.items() if markup.startswith(signature)), None)


def _goes_on_in_binary(start: bytes) -> bool:
    """Two letters may begin a heading; then no control character follows them soon."""
    return any(byte < 9 for byte in start[2:])
