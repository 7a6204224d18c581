"""Finding English in what readers are shown: words that no Swedish text holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ENGLISH = frozenset(
    re.findall(
        r"\S+",
        """
    about above action actor after all-time and any apply are average back before below between board both cancel case
    cases center change changed check child choose clear click close closed collapse confirm copy count create current
    date day days default delete delivery deviation done download drag drop edit empty error every expand failed false
    family file files filter find first follow found from hide hidden include invalid is item items last left less list
    load loading loss mean meeting missing month months more move name nan never next nobody none not nothing null of
    older one only open options or other others page pages pending please press previous principal quarter reached
    refresh remove reset result results right row running save school search see select selected share show since social
    some sort step steps submit target than that the their them then there this time to-do today toggle total-time true
    undefined unit units unknown until update updated upload user users value values view waiting warning was week were
    when where which while with within without year years yes you your zoom
""",
    )
)
_SHOWN = frozenset({
    "children", "label", "description", "placeholder", "title", "alt", "aria-label", "nothingFoundMessage", "error",
    "message", "text", "name", "hovertemplate", "hovertext", "ticktext", "tooltip",
})  # fmt: skip
"""Properties whose texts are seen, or heard."""
_AS_IT_IS = frozenset({"Code", "Pre", "Kbd"})
"""Components that show codes and files as they are."""


def english_in(rendered: Any) -> set[str]:
    """The English words of a rendered page, as it is sent to the browser."""
    return {word for text in _texts(rendered) for word in _words(text) if word in ENGLISH}


def _words(text: str) -> list[str]:
    plain = re.sub(r"<[^>]*>|%\{[^}]*\}|https?://\S+", " ", text)
    return [word.lower() for word in re.findall(r"[^\W\d]+(?:[-_][^\W\d]+)*", plain)]


def _texts(rendered: Any, *, is_shown: bool = True) -> Iterator[str]:
    if isinstance(rendered, str):
        if is_shown:
            yield rendered
    elif isinstance(rendered, list):
        for one in rendered:
            yield from _texts(one, is_shown=is_shown)
    elif isinstance(rendered, dict):
        if rendered.get("type") in _AS_IT_IS:
            return
        for key, one in rendered.items():
            if key == "id":
                continue
            yield from _texts(one, is_shown=key in _SHOWN and not (key == "name" and "namespace" in rendered))
