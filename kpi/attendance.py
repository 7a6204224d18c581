"""Who comes to meetings: a matrix of caller and called, and school-called meetings against others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi.period import Period
from warehouse.contract import SCHOOL_ACTORS


@dataclass(frozen=True)
class Called:
    """How many professionals of an actor were called to a month's meetings by a caller, and how many attended."""

    month: Period
    caller: str
    actor: str
    called: int
    attended: int


@dataclass(frozen=True)
class Attended:
    """So many of so many."""

    called: int = 0
    attended: int = 0

    @property
    def share(self) -> float | None:
        """0–1; None when nobody was called."""
        return self.attended / self.called if self.called else None

    @property
    def absent(self) -> int:
        """Those who were called and did not attend."""
        return self.called - self.attended

    @property
    def absent_share(self) -> float | None:
        """0–1; None when nobody was called."""
        return self.absent / self.called if self.called else None

    def and_(self, called: int, attended: int) -> Attended:
        """With some more."""
        return Attended(self.called + called, self.attended + attended)


@dataclass(frozen=True)
class AttendanceMatrix:
    """Callers and called actors, in order of code. `cells` holds the pairs that were called; then the margins."""

    callers: tuple[str, ...]
    actors: tuple[str, ...]
    cells: Mapping[tuple[str, str], Attended]
    by_caller: Mapping[str, Attended]
    by_actor: Mapping[str, Attended]
    total: Attended


def attendance(rows: Iterable[Called]) -> AttendanceMatrix:
    """The rows as a matrix with margins."""
    cells: dict[tuple[str, str], Attended] = {}
    by_caller: dict[str, Attended] = {}
    by_actor: dict[str, Attended] = {}
    total = Attended()
    for one in rows:
        numbers = one.called, one.attended
        cells[one.caller, one.actor] = cells.get((one.caller, one.actor), Attended()).and_(*numbers)
        by_caller[one.caller] = by_caller.get(one.caller, Attended()).and_(*numbers)
        by_actor[one.actor] = by_actor.get(one.actor, Attended()).and_(*numbers)
        total = total.and_(*numbers)
    return AttendanceMatrix(tuple(sorted(by_caller)), tuple(sorted(by_actor)), cells, by_caller, by_actor, total)


@dataclass(frozen=True)
class SchoolGap:
    """Attendance at meetings that school called to and at others, among the same actors, whoever called left out: the
    meaning of the figure `sip_school_gap`."""

    last: Period
    school: Attended
    others: Attended

    @property
    def difference(self) -> float | None:
        """School minus others, of shares; None when either has nobody to compare."""
        school, others = self.school.share, self.others.share
        return None if school is None or others is None else school - others

    @property
    def cases(self) -> int:
        """The smaller group's calls."""
        return min(self.school.called, self.others.called)


def school_gap(rows: Iterable[Called], first: Period, last: Period) -> SchoolGap:
    """Of the months first..last."""
    sides: dict[str, dict[bool, Attended]] = {}
    for one in rows:
        if one.actor == one.caller or not first <= one.month <= last:
            continue
        of_actor = sides.setdefault(one.actor, {True: Attended(), False: Attended()})
        is_school = one.caller in SCHOOL_ACTORS
        of_actor[is_school] = of_actor[is_school].and_(one.called, one.attended)
    school, others = Attended(), Attended()
    for both in sides.values():
        if both[True].called and both[False].called:
            school = school.and_(both[True].called, both[True].attended)
            others = others.and_(both[False].called, both[False].attended)
    return SchoolGap(last, school, others)
