"""Bytes to text: strict UTF-8 first, then strict cp1252 (the reverse "succeeds" with mojibake)."""

from __future__ import annotations

import codecs

from etl.read.refusal import DeliveryRefused
from etl.read.signature import kind_of

_NOTHING = codecs.BOM_UTF8 + b" \t\r\n;,\x0b\x0c"
_LOOKED_AT = 4096
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes, encoding: str | None) -> tuple[bytes, str]:
    """The text as UTF-8 without BOM, and the encoding it came in (utf-8 | utf-8-sig | cp1252).

    A mapping that states `utf-8` gets nothing else. DeliveryRefused when the bytes are no such text.
    """
    _check_is_text(content)
    if content.startswith(codecs.BOM_UTF8):
        return _strict(content[len(codecs.BOM_UTF8) :], "utf-8"), "utf-8-sig"
    try:
        return _strict(content, "utf-8"), "utf-8"
    except DeliveryRefused:
        if encoding == "utf-8":
            raise
    return _strict(content, "cp1252"), "cp1252"


def _strict(content: bytes, encoding: str) -> bytes:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DeliveryRefused(
            f"Rad {line}: tecknen går inte att läsa som {encoding}. Exportera filen som UTF-8 och leverera den på nytt."
        ) from error
    return content if encoding == "utf-8" else text.encode()


def _check_is_text(content: bytes) -> None:
    if not content[:_LOOKED_AT].strip(_NOTHING) and not content.strip(_NOTHING):
        raise DeliveryRefused("Filen är tom. Kontrollera exporten i källsystemet och leverera filen på nytt.")
    if (kind := kind_of(content)) is not None:
        raise DeliveryRefused(f"Filen är {kind}, inte en CSV-fil. Exportera den som CSV och leverera den på nytt.")
    if content.startswith(_UTF16):
        raise DeliveryRefused("Filen är skriven i UTF-16. Exportera den som UTF-8 och leverera den på nytt.")
    if b"\x00" in content:
        raise _has_nul(content)


def _has_nul(content: bytes) -> DeliveryRefused:
    line = content.count(b"\n", 0, content.find(b"\x00")) + 1
    return DeliveryRefused(
        f"Rad {line}: filen innehåller ett NUL-tecken och är ingen giltig textfil. Exportera den på nytt som UTF-8."
    )
