"""The plan that an installation begins with: `proposed.yaml`, shipped beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from control.plan.content import PlanContent, Risk, Scale
from control.plan.scale import DEFAULT, rescaled

_FILE = Path(__file__).with_name("proposed.yaml")


@dataclass(frozen=True)
class ProposedRisk(Risk):
    """A risk, and the areas of the boards that it concerns."""

    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The file. `unmeasured`: key figures of the board's own that no control rests on, with the reason."""

    risks: tuple[ProposedRisk, ...]
    unmeasured: Mapping[str, str]


def read_proposal(text: str) -> Proposal:
    """The text as a proposal, strictly by its types. ValueError for a wrong type, a missing or an unknown key."""
    data = YAML(typ="safe", pure=True).load(text)
    adapter = TypeAdapter(Proposal)
    found = adapter.validate_json(json.dumps(data), strict=True)
    if unknown := _unknown(data, adapter.dump_python(found, mode="json")):
        raise ValueError(f"unknown key {unknown}")
    return found


def _unknown(given: Any, known: Any, path: str = "") -> str | None:
    """The first key that is given and not known; a dataclass lets it pass."""
    if isinstance(given, dict):
        for name, value in given.items():
            if name not in known:
                return f"{path}.{name}"
            if found := _unknown(value, known[name], f"{path}.{name}"):
                return found
    if isinstance(given, list):
        for index, (value, other) in enumerate(zip(given, known, strict=True)):
            if found := _unknown(value, other, f"{path}[{index}]"):
                return found
    return None


@cache
def proposal() -> Proposal:
    """The shipped one."""
    return read_proposal(_FILE.read_text(encoding="utf-8"))


def proposed_content(area: str | None, scale: Scale) -> PlanContent:
    """The shipped plan for a board of the area (None: of no one area, so all of it), on the scale."""
    risks = [one for one in proposal().risks if area is None or area in one.areas]
    return rescaled(PlanContent(DEFAULT, tuple(_plain(one) for one in risks)), scale)


def _plain(risk: ProposedRisk) -> Risk:
    return Risk(**{name: getattr(risk, name) for name in (one.name for one in fields(Risk))})
