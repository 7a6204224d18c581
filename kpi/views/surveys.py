"""Survey answers as they fell: how many gave each answer to each question, by group, for a board and a year.

Read from the inside only, by the rule of the figures that count the same answers. What others see is those figures as
they are released, where a survey of fewer than ten answers is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from kpi.access import Viewer, can_read_figure, check_can_read_figure
from kpi.definition import Catalogue, Definition
from kpi.disclosure.primary import FEWEST_RESPONDENTS
from kpi.moment import known
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.tree import values_of
from warehouse.contract import AREAS
from warehouse.tables import VERSIONED

ANSWERS = ("large", "some", "small", "none", "dont_know")
"""The scale, from most to least; then what is no step of it."""
WORK, FAMILIES = ("board_members", "staff"), ("children", "guardians")
"""Who answers for a board, and who is asked about the municipality as a whole."""
_DATASET, _SURE = "survey_answers", "large"
_TABLE = VERSIONED[_DATASET]


@dataclass(frozen=True)
class Group:
    """How many of a group gave each answer to a question, in the order of `ANSWERS`."""

    respondents: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many answered; who does not know has answered."""
        return sum(self.counts)

    @property
    def is_small(self) -> bool:
        """Whether too few answered to say much; so few are never shown outside the board."""
        return self.total < FEWEST_RESPONDENTS

    @property
    def shares(self) -> tuple[float, ...]:
        """Each answer's part of the whole, 0–1."""
        return tuple(count / self.total for count in self.counts)


@dataclass(frozen=True)
class Question:
    """A question of a year: the groups that were asked it. Who was not asked has no group."""

    code: str
    groups: tuple[Group, ...]

    @property
    def gap(self) -> float | None:
        """The share of the board's members who answer `large`, minus the staff's; None unless both were asked."""
        by_name = {one.respondents: one.shares[ANSWERS.index(_SURE)] for one in self.groups}
        members, staff = (by_name.get(name) for name in WORK)
        return None if members is None or staff is None else members - staff

    @property
    def is_small(self) -> bool:
        """Whether any of its groups is."""
        return any(one.is_small for one in self.groups)


@dataclass(frozen=True)
class Survey:
    """The questions of the latest year with answers."""

    year: Period
    questions: tuple[Question, ...]


def board_survey(
    connection: Connection, viewer: Viewer, organisation: Organisation, board_code: str, until: Period
) -> Survey | None:
    """What the board's members and staff answered, the latest year with answers by the end of `until`;
    None without answers.
    AccessDenied for who does not read the board's figures from the inside."""
    where = _TABLE.c.board_code == board_code, _TABLE.c.respondents.in_(WORK)
    survey = _survey(connection, where, until)
    read = survey.year if survey is not None else until
    check_can_read_figure(viewer, organisation, board_code, read.first_day, read.last_day, areas=AREAS)
    return survey


def family_survey(
    connection: Connection,
    catalogue: Catalogue,
    viewer: Viewer,
    organisation: Organisation,
    municipality_code: str,
    until: Period,
) -> Survey | None:
    """What children and guardians of the municipality answered; as `board_survey`, by the rule of the municipality's
    figures. None also for who does not read those."""
    unit = organisation.municipality(municipality_code)
    where = _TABLE.c.municipality_code == municipality_code, _TABLE.c.respondents.in_(FAMILIES)
    survey = _survey(connection, where, until)
    if unit is None or survey is None:
        return None
    days = survey.year.first_day, survey.year.last_day
    may_read = can_read_figure(viewer, organisation, unit.code, *days, areas=_areas(catalogue))
    return survey if may_read else None


def figures_of(catalogue: Catalogue, question: str) -> tuple[Definition, ...]:
    """The figures that count the answers to a question."""
    return tuple(
        one
        for one in catalogue.definitions.values()
        if _DATASET in one.datasets
        and any(question in values_of(part, "question") for each in one.meaning.measures
                for part in (each.where, each.numerator) if part is not None)
    )  # fmt: skip


def _areas(catalogue: Catalogue) -> frozenset[str]:
    """The areas of the figures that count such answers for a municipality and no lower."""
    found = {
        area
        for one in catalogue.definitions.values()
        if _DATASET in one.datasets and one.levels[-1] == "municipality"
        for area in one.areas
    }
    return frozenset(found) or frozenset(AREAS)


def _survey(connection: Connection, where: Iterable[ColumnElement[bool]], until: Period) -> Survey | None:
    conditions = known(_TABLE, None), _TABLE.c.answers > 0, *where
    latest: date | None = connection.scalar(
        select(func.max(_TABLE.c.answered_on)).where(*conditions, _TABLE.c.answered_on <= until.last_day)
    )
    if latest is None:
        return None
    year = Period.containing(latest, PeriodType.YEAR)
    rows = connection.execute(
        select(_TABLE.c.question, _TABLE.c.respondents, _TABLE.c.answer, func.sum(_TABLE.c.answers).label("answers"))
        .where(*conditions, _TABLE.c.answered_on.between(year.first_day, year.last_day))
        .group_by(_TABLE.c.question, _TABLE.c.respondents, _TABLE.c.answer)
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows:
        found.setdefault(row.question, {}).setdefault(row.respondents, {})[row.answer] = int(row.answers)
    return Survey(year, tuple(Question(code, _groups(groups)) for code, groups in sorted(found.items())))


def _groups(found: Mapping[str, Mapping[str, int]]) -> tuple[Group, ...]:
    return tuple(
        Group(name, tuple(found[name].get(answer, 0) for answer in ANSWERS))
        for name in (*WORK, *FAMILIES)
        if name in found
    )
