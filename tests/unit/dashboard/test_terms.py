"""The glossary is in Swedish order, each word once, and every chart that says how it is read leads to a word in it."""

from __future__ import annotations

import re
from pathlib import Path

import dashboard
from dashboard.terms import TERMS, anchor
from kpi.organisation import swedish_key

NAMES = [name for name, _ in TERMS]


def test_words_stand_once_in_swedish_order() -> None:
    assert sorted(NAMES, key=swedish_key) == NAMES
    assert len({anchor(one) for one in NAMES}) == len(NAMES)
    assert all(meaning.endswith(".") for _, meaning in TERMS)


def test_what_explains_a_chart_is_a_word() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(dashboard.__path__[0]).glob("components/*.py"))
    explained = set(re.findall(r'(?:explained=|how_to_read\()"([^"]+)"', sources))
    assert len(explained) == 11
    assert explained <= set(NAMES)
