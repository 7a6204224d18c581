"""Who reads: roles, grants and the viewer that carries them."""

from __future__ import annotations

from collections.abc import Callable
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
    """A role in a municipality, for some of its boards (unit codes). `units` and `branches` (verksamhetsgrenar, as
    actors) narrow it to part of the boards; empty = the whole board. Grants add up."""

    role: Role
    municipality_code: str
    boards: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether it reaches all of its boards."""
        return not self.units and not self.branches


@dataclass(frozen=True)
class Viewer:
    """Who reads. There is no default viewer. `user`: what they are called; `tag`: short, and for good one person's or
    program's alone, which tells two of the same name apart in the log."""

    user: str
    grants: tuple[Grant, ...]
    tag: str = ""


OPERATOR = Viewer("kommandoraden", (Grant(Role.OPERATOR, ""),))


class AccessDenied(Exception):
    """The viewer has no grant for this; the message is a Swedish sentence for the reader. `municipality_code`: whose
    thing it was, where that is known."""

    def __init__(self, sentence: str, municipality_code: str | None = None) -> None:
        super().__init__(sentence)
        self.municipality_code = municipality_code


class ReasonNeeded(AccessDenied):
    """The viewer has the right but has not said why it is used; nothing was refused that a review must know of."""


def is_operator(viewer: Viewer) -> bool:
    """The command line: reads every inside aggregate."""
    return any(grant.role is Role.OPERATOR for grant in viewer.grants)


def has_role(viewer: Viewer, roles: frozenset[Role], municipality_code: str | None = None) -> bool:
    """Whether a grant is of one of the roles, in the municipality where one is told."""
    return any(grant.role in roles and municipality_code in (None, grant.municipality_code) for grant in viewer.grants)


def passes(check: Callable[[], None]) -> bool:
    """Whether the check raises no AccessDenied: how each `can_…` is made of its `check_can_…`."""
    try:
        check()
    except AccessDenied:
        return False
    return True
