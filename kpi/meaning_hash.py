"""The hash of what a figure means: its meaning and every fact it reads, no texts, targets or layout. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from kpi.build_facts import datasets_of
from kpi.definition import Fact, Kind, Meaning

_COMPILER = 2
"""Raised when the compiler gives the same definition other values: every figure is then computed anew."""
_POPULATION = "population"


def facts_of(meaning: Meaning, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Every fact that the figure reads, joined ones included."""
    read: dict[str, Fact] = {}
    waiting = [one.fact for one in meaning.measures]
    while waiting:
        fact = facts[waiting.pop()]
        read[fact.name] = fact
        waiting += [join.fact for join in fact.joins]
    return read


def datasets_read(meaning: Meaning, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Every dataset that the figure's values rest on; sorted."""
    found = {name for one in meaning.measures for name in datasets_of(facts[one.fact], facts)}
    found |= {_POPULATION} if meaning.divides_by_children else set()
    return tuple(sorted(found | ({"context_values"} if meaning.kind is Kind.CONTEXT else set())))


def hash_of(meaning: Meaning, facts: Mapping[str, Fact]) -> str:
    """SHA-256 of the figure's meaning and of every fact it reads; texts, targets and layout are not in it."""
    read = facts_of(meaning, facts)
    content = [_COMPILER, as_json(meaning), [as_json(read[name]) for name in sorted(read)]]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_json(value: object) -> object:
    """A frozen type as JSON that keeps which type each node was; a fact's title is a text and left out."""
    if is_dataclass(value):
        content = {one.name: as_json(getattr(value, one.name)) for one in fields(value) if one.name != "title"}
        return {"is": type(value).__name__, **content}
    if isinstance(value, tuple):
        return [as_json(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
