"""What the warehouse holds of a delivery's keys, and what that says of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from etl.current import Current, Key, is_empty, owners_of_deleted, read_current, source_names
from etl.rules.check import Checked
from etl.rules.problem import Problem


class Fate(IntEnum):
    """What became of a row; the order is that of `DatasetCounts`."""

    INSERTED = 0
    CHANGED = 1
    UNCHANGED = 2
    DUPLICATE = 3
    REJECTED = 4
    OUT_OF_SCOPE = 5


@dataclass(frozen=True)
class Replayed:
    """The delivery whose rejected rows are taken again."""

    delivery_id: int
    as_of: date


@dataclass(frozen=True, eq=False)
class Known:
    """What the warehouse holds of the delivery's keys."""

    keys: list[Key]
    current: dict[Key, Current]
    former_owners: dict[Key, int]
    names: dict[int, str]
    source_id: int
    first_field: str

    @classmethod
    def read(cls, connection: Connection, checked: Checked, fates: NDArray[np.int8], source_id: int) -> Known:
        dataset = checked.canonical.dataset
        first = dataset.key[0].name
        if is_empty(connection, dataset):
            return cls([], {}, {}, {}, source_id, first)
        columns = [column.objects(np.arange(len(checked))) for column in checked.key]
        keys: list[Key] = list(zip(*columns, strict=True))
        wanted = [key for key, fate in zip(keys, fates.tolist(), strict=True) if fate != Fate.REJECTED]
        current = read_current(connection, dataset, wanted)
        new = [key for key in wanted if key not in current]
        former = owners_of_deleted(connection, dataset, source_id, new)
        return cls(keys, current, former, source_names(connection), source_id, first)

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

    def superseded_problems(
        self, checked: Checked, fates: NDArray[np.int8], hashes: NDArray[np.int64], replayed: Replayed
    ) -> list[Problem]:
        """Rows taken again whose key the same delivery, or one that has come since, gave other content."""
        answered = checked.answered if checked.answered is not None else np.zeros(len(checked), dtype=np.bool_)
        wrong = []
        for row in np.flatnonzero(fates == Fate.INSERTED).tolist():
            found = self.current.get(self.keys[row]) if self.keys else None
            if found is None:
                is_late = bool(answered[row])
            else:
                is_newer = found.recorded_by >= replayed.delivery_id or found.recorded_on > replayed.as_of
                is_late = found.content_hash != int(hashes[row]) and (is_newer or bool(answered[row]))
            if is_late:
                wrong.append(row)
        sentence = (
            "nyckeln har annat innehåll i samma eller en senare leverans, och det gäller. "
            "Rätta raden i källan och leverera den igen om den ska ändra något."
        )
        rows = np.array(wrong, dtype=np.int64)
        return [Problem(self.first_field, "superseded", rows, lambda _: sentence)] if wrong else []

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

    def missing(
        self, checked: Checked, fates: NDArray[np.int8], problems: list[Problem], owned: dict[Key, Current]
    ) -> set[int]:
        """Versions of the scope's keys (`owned`) that the snapshot does not carry and no rejected row may have."""
        if not owned:
            return set()
        carried = {self.keys[row] for row in np.flatnonzero(fates <= Fate.DUPLICATE).tolist()}
        rejected = _rejected_keys(checked, fates, problems, self.keys)
        absent = [key for key in owned if key not in carried and key not in rejected]
        for pattern in rejected:
            if _ANY in pattern:
                absent = [key for key in absent if not _may_be(pattern, key)]
        return {owned[key].version_id for key in absent}


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
    {"repeated_key", "superseded", "other_source", "after_as_of", "date_order", "mixed_ages", "counts_or_referrals"}
)
"""Rules that refuse a row whose key was read all the same."""


def _may_be(pattern: tuple[object, ...], key: Key) -> bool:
    return all(part is _ANY or part == own for part, own in zip(pattern, key, strict=True))
