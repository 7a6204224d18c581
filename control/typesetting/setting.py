"""Sets a template with data: PDF/UA-1 (tagged) and PDF/A-2a (to be kept), or a picture.

What is told goes to the template as data, never as markup: a name cannot become a command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

_FONTS = Path(__file__).parent / "fonts"
_STANDARDS = ["ua-1", "a-2a"]
DRAWN = "\u0020-\u007e\u00a0-\u024f\u0400-\u045f\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u20a0-\u20bf\u2190-\u22ff"
"""What the fonts surely hold, as ranges; PDF/UA refuses a paper with a sign that none of them has."""
_NOT_DRAWN = re.compile(f"[^{DRAWN}]")


def set_pdf(template: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The template's PDF of the data (plain JSON values), with `made_at` as its only date."""
    return _compiled(template.read_bytes(), data, format="pdf", pdf_standards=_STANDARDS, timestamp=_seconds(made_at))


def set_picture(template: Path, data: Mapping[str, Any], dots_per_inch: float) -> bytes:
    """The template's only page as a PNG."""
    return _compiled(template.read_bytes(), data, format="png", ppi=dots_per_inch)


def drawn(value: Any) -> Any:
    """The data with every text such that it can be drawn: space for what is no sign, and a mark for a strange one."""
    if isinstance(value, str):
        return _NOT_DRAWN.sub(lambda found: "\ufffd" if found[0].isprintable() else " ", value)
    if isinstance(value, list | tuple):
        return [drawn(one) for one in value]
    return {name: drawn(one) for name, one in value.items()} if isinstance(value, Mapping) else value


def _compiled(source: bytes, data: Mapping[str, Any], **how: Any) -> bytes:
    made = typst.compile(
        source,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(drawn(data), ensure_ascii=False)},
        **how,
    )
    if not isinstance(made, bytes):
        raise TypeError("what is set here is one file")
    return made


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts and the program's, never the machine's: the same paper everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_FONTS])
