"""What a dataset's rows would do to the warehouse: the fate of every row, and the versions that end.

Loading rules 4–6 of contract.md: same key and content is unchanged, new content a new version; a key belongs to the
source that first delivered it; the same key twice in a delivery is a duplicate or a refused row; in a snapshot missing
keys are soft-deleted, but none that a rejected row may have carried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from etl.content import content_hashes
from etl.current import Current, Key, is_empty, owners_of_deleted, read_current, read_scope, source_names
from etl.mapping import Mode
from etl.result import DatasetCounts
from etl.rules.check import Checked
from etl.rules.problem import Problem
from etl.rules.standing import standing_problems
from etl.rules.typed import combined_codes
from etl.table import Rows


class Fate(IntEnum):
    """What became of a row; the order is that of `DatasetCounts`."""

    INSERTED = 0
    CHANGED = 1
    UNCHANGED = 2
    DUPLICATE = 3
    REJECTED = 4
    OUT_OF_SCOPE = 5


@dataclass(frozen=True, eq=False)
class Plan:
    """`ended` are version numbers to end (changed and deleted ones); `standing` how many keys the scope had before."""

    checked: Checked
    dataset: str
    fates: NDArray[np.int8]
    hashes: NDArray[np.int64]
    problems: tuple[Problem, ...]
    ended: tuple[int, ...]
    deleted: int
    standing: int
    municipalities: frozenset[str]

    @property
    def written(self) -> Rows:
        """The rows that become new versions."""
        return np.flatnonzero((self.fates == Fate.INSERTED) | (self.fates == Fate.CHANGED))

    @property
    def counts(self) -> DatasetCounts:
        """How many rows met each fate."""
        sums = np.bincount(self.fates, minlength=len(Fate)).tolist()
        by_fate = {fate.name.lower(): sums[fate] for fate in Fate}
        return DatasetCounts(dataset=self.dataset, read=len(self.fates), deleted=self.deleted, **by_fate)


def plan_rows(
    connection: Connection, checked: Checked, lines: NDArray[np.int32], source_id: int, municipalities: frozenset[str]
) -> Plan:
    """The plan for a dataset's rows against the warehouse as it is now; nothing is written.

    `lines` are the delivered rows' lines; `municipalities` what the delivery speaks for ('' = rows name none).
    """
    dataset, mode = checked.canonical.dataset, checked.canonical.mode
    fates = np.full(len(checked), Fate.INSERTED, dtype=np.int8)
    problems = list(checked.problems)
    _reject(fates, problems)
    fates[checked.out_of_scope] = Fate.OUT_OF_SCOPE
    problems += _rejected(fates, standing_problems(connection, checked, fates == Fate.INSERTED))
    hashes = content_hashes(checked)
    known = _Known.read(connection, checked, fates, source_id, municipalities)
    problems += _rejected(fates, known.foreign_problems(fates))
    problems += _rejected(fates, _repeated_keys(checked, fates, hashes, lines))
    changed = known.compare(fates, hashes)
    if mode is Mode.APPEND:
        problems += _rejected(fates, _append_problems(fates))
        changed = []
    gone = known.withdrawn(fates)
    if mode is Mode.SNAPSHOT:
        gone |= known.missing(checked, fates, problems)
    ended = (*changed, *sorted(gone))
    standing = len(known.owned) if mode is Mode.SNAPSHOT else len(known.current)
    return Plan(checked, dataset.name, fates, hashes, tuple(problems), ended, len(gone), standing, municipalities)


def _reject(fates: NDArray[np.int8], problems: Iterable[Problem]) -> None:
    for problem in problems:
        fates[problem.rows] = Fate.REJECTED


def _rejected(fates: NDArray[np.int8], problems: list[Problem]) -> list[Problem]:
    _reject(fates, problems)
    return problems


def _repeated_keys(
    checked: Checked, fates: NDArray[np.int8], hashes: NDArray[np.int64], lines: NDArray[np.int32]
) -> list[Problem]:
    """Marks duplicates, and tells of rows that contradict an earlier row of their key."""
    rows = np.flatnonzero(fates == Fate.INSERTED)
    codes = combined_codes(checked.key, len(checked))[rows]
    if len(rows) == 0 or np.bincount(codes).max() < 2:
        return []
    _, first, group = np.unique(codes, return_index=True, return_inverse=True)
    firsts = rows[first[group]]
    again = firsts != rows
    same = hashes[firsts] == hashes[rows]
    fates[rows[again & same]] = Fate.DUPLICATE
    wrong = again & ~same
    earlier = dict(zip(rows[wrong].tolist(), lines[checked.canonical.raw_of[firsts[wrong]]].tolist(), strict=True))

    def sentence(row: int) -> str:
        return (
            f"samma nyckel två gånger – raden säger annat än rad {earlier[row]}, som gäller. Behåll en av dem i källan."
        )

    field = checked.canonical.dataset.key[0].name
    return [Problem(field, "repeated_key", rows[wrong], sentence)] if wrong.any() else []


def _append_problems(fates: NDArray[np.int8]) -> list[Problem]:
    rows = np.flatnonzero(fates == Fate.CHANGED)
    sentence = (
        "nyckeln finns redan med annat innehåll – källan lägger bara till rader. "
        "Rätta raden eller mappningens läge (mode)."
    )
    return [Problem(None, "append_only", rows, lambda _: sentence)] if len(rows) else []


@dataclass(frozen=True, eq=False)
class _Known:
    """What the warehouse holds of the delivery's keys, and (for a snapshot) of its scope."""

    keys: list[Key]
    current: dict[Key, Current]
    owned: dict[Key, Current]
    former_owners: dict[Key, int]
    names: dict[int, str]
    source_id: int
    first_field: str

    @classmethod
    def read(
        cls,
        connection: Connection,
        checked: Checked,
        fates: NDArray[np.int8],
        source_id: int,
        municipalities: frozenset[str],
    ) -> _Known:
        dataset = checked.canonical.dataset
        first = dataset.key[0].name
        if is_empty(connection, dataset):
            return cls([], {}, {}, {}, {}, source_id, first)
        columns = [column.objects(np.arange(len(checked))) for column in checked.key]
        keys: list[Key] = list(zip(*columns, strict=True))
        wanted = [key for key, fate in zip(keys, fates.tolist(), strict=True) if fate != Fate.REJECTED]
        current = read_current(connection, dataset, wanted)
        is_snapshot = checked.canonical.mode is Mode.SNAPSHOT
        owned = read_scope(connection, dataset, source_id, municipalities) if is_snapshot else {}
        new = [key for key in wanted if key not in current]
        former = owners_of_deleted(connection, dataset, source_id, new)
        return cls(keys, current, owned, former, source_names(connection), source_id, first)

    def foreign_problems(self, fates: NDArray[np.int8]) -> list[Problem]:
        """Rows whose key another source delivered first."""
        owners: dict[int, int] = {}
        for row in np.flatnonzero(fates == Fate.INSERTED).tolist() if self.keys else ():
            found = self.current.get(self.keys[row])
            owner = found.source_id if found is not None else self.former_owners.get(self.keys[row], self.source_id)
            if owner != self.source_id:
                owners[row] = owner

        def sentence(row: int) -> str:
            return (
                f"nyckeln tillhör en annan källa – {self.names[owners[row]]} levererade den först. "
                "Leverera raden från den källan eller ge den en egen nyckel."
            )

        rows = np.array(sorted(owners), dtype=np.int64)
        return [Problem(self.first_field, "other_source", rows, sentence)] if owners else []

    def compare(self, fates: NDArray[np.int8], hashes: NDArray[np.int64]) -> list[int]:
        """Marks unchanged and changed rows; returns the versions that the changed ones end."""
        ended = []
        for row in np.flatnonzero(fates == Fate.INSERTED).tolist() if self.current else ():
            found = self.current.get(self.keys[row])
            if found is not None and found.content_hash == int(hashes[row]):
                fates[row] = Fate.UNCHANGED
            elif found is not None:
                fates[row] = Fate.CHANGED
                ended.append(found.version_id)
        return ended

    def withdrawn(self, fates: NDArray[np.int8]) -> set[int]:
        """Versions of keys that are out of scope now (a person who got a protected identity) and not also in it."""
        rows = np.flatnonzero(fates == Fate.OUT_OF_SCOPE).tolist() if self.current else []
        if not rows:
            return set()
        kept = {self.keys[row] for row in np.flatnonzero(fates <= Fate.DUPLICATE).tolist()}
        found = (self.current.get(self.keys[row]) for row in rows if self.keys[row] not in kept)
        return {each.version_id for each in found if each is not None and each.source_id == self.source_id}

    def missing(self, checked: Checked, fates: NDArray[np.int8], problems: list[Problem]) -> set[int]:
        """Versions of the scope's keys that the snapshot does not carry and no rejected row may have carried."""
        if not self.owned:
            return set()
        carried = {self.keys[row] for row in np.flatnonzero(fates <= Fate.DUPLICATE).tolist()}
        rejected = _rejected_keys(checked, fates, problems, self.keys)
        absent = [key for key in self.owned if key not in carried and key not in rejected]
        for pattern in rejected:
            if _ANY in pattern:
                absent = [key for key in absent if not _may_be(pattern, key)]
        return {self.owned[key].version_id for key in absent}


_ANY = object()


def _rejected_keys(
    checked: Checked, fates: NDArray[np.int8], problems: list[Problem], keys: list[Key]
) -> set[tuple[object, ...]]:
    """The keys of the rejected rows; what could not be read in them may have been anything."""
    names = [field.name for field in checked.canonical.dataset.key]
    unreadable: dict[int, set[str]] = {}
    for problem in problems:
        if problem.field in names and problem.rule not in _READABLE:
            for row in problem.rows.tolist():
                unreadable.setdefault(row, set()).add(problem.field)
    return {
        tuple(_ANY if name in unreadable.get(row, ()) else part for name, part in zip(names, keys[row], strict=True))
        for row in np.flatnonzero(fates == Fate.REJECTED).tolist()
    }


_READABLE = frozenset(
    {"repeated_key", "other_source", "after_as_of", "date_order", "mixed_ages", "counts_or_referrals"}
)
"""Rules that refuse a row whose key was read all the same."""


def _may_be(pattern: tuple[object, ...], key: Key) -> bool:
    return all(part is _ANY or part == own for part, own in zip(pattern, key, strict=True))
