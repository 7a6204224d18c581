"""Who may read what, as sentences. Pure: the same rules stand as SQL predicates in `kpi.views`.

Deny by default: a viewer without a matching grant reads nothing. `check_can_…` raises `AccessDenied` with a sentence
for the reader; `can_…` answers yes or no by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The product's roles (Swedish names in the glossary)."""

    OPERATOR = "operator"  # the command line: inside, unsuppressed aggregates, logged
    PRESIDIUM = "presidium"
    MEMBER = "member"
    CHIEF = "chief"
    UNIT_MANAGER = "unit_manager"
    DEVELOPER = "developer"
    CONTROLLER = "controller"
    CENTRAL_CONTROLLER = "central_controller"
    SECRETARY = "secretary"
    AUDITOR = "auditor"
    DPO = "dpo"
    DELREGIONAL = "delregional"
    ADMIN = "admin"


@dataclass(frozen=True)
class Grant:
    """A role in a municipality, for some of its boards (unit codes) and units; empty units = the whole board."""

    role: Role
    municipality_code: str
    boards: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Viewer:
    """Who reads. There is no default viewer."""

    user: str
    grants: tuple[Grant, ...]


OPERATOR = Viewer("kommandoraden", (Grant(Role.OPERATOR, ""),))


class AccessDenied(Exception):
    """The viewer has no grant for this; the message is a Swedish sentence for the reader."""
