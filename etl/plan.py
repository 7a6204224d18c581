"""What a dataset's rows would do to the warehouse: the fate of every row, and the versions that end.

Loading rules 4–6 for deliveries: same key and content is unchanged, new content a new version; a key belongs to the
source that first delivered it; the same key twice in a delivery is a duplicate or a refused row; in a snapshot missing
keys are soft-deleted, but none that a rejected row may have carried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from etl.content import content_hashes
from etl.known import Fate, Known, Replayed
from etl.mapping import Mode
from etl.result import DatasetCounts
from etl.rules.check import Checked
from etl.rules.problem import Problem
from etl.rules.standing import Beside, CentreMonth, centre_months, standing_problems
from etl.rules.typed import Typed, combined_codes
from etl.scope import municipality_of, owned_in, spoken_for
from etl.table import Rows


@dataclass(frozen=True, eq=False)
class Plan:
    """`ended` are version numbers to end (changed and deleted ones); `standing` how many keys the scope had before;
    `municipality` is each row's, `municipalities` those that the rows speak for.
    """

    checked: Checked
    dataset: str
    fates: NDArray[np.int8]
    hashes: NDArray[np.int64]
    problems: tuple[Problem, ...]
    ended: tuple[int, ...]
    deleted: int
    standing: int
    municipality: Typed
    municipalities: frozenset[str]

    @property
    def written(self) -> Rows:
        """The rows that become new versions."""
        return np.flatnonzero((self.fates == Fate.INSERTED) | (self.fates == Fate.CHANGED))

    @property
    def centre_months(self) -> frozenset[CentreMonth]:
        """The centres and months of the rows that were not rejected, of referrals or of their counts."""
        return frozenset(centre_months(self.checked, np.flatnonzero(self.fates <= Fate.DUPLICATE)))

    @property
    def counts(self) -> DatasetCounts:
        """How many rows met each fate."""
        sums = np.bincount(self.fates, minlength=len(Fate)).tolist()
        by_fate = {fate.name.lower(): sums[fate] for fate in Fate}
        return DatasetCounts(dataset=self.dataset, read=len(self.fates), deleted=self.deleted, **by_fate)


def plan_rows(
    connection: Connection,
    checked: Checked,
    lines: NDArray[np.int32],
    named_municipality: str,
    *,
    beside: Beside,
    replayed: Replayed | None = None,
) -> Plan:
    """The plan for a dataset's rows against the warehouse as it is now; nothing is written.

    `lines` are the delivered rows' lines; `named_municipality` what the file or the mapping names ('' = none);
    `beside` what else the delivery holds; `replayed` the delivery that rejected the rows when they came first.
    """
    dataset, mode = checked.canonical.dataset, checked.canonical.mode
    fates = np.full(len(checked), Fate.INSERTED, dtype=np.int8)
    problems = list(checked.problems)
    _reject(fates, problems)
    fates[checked.out_of_scope] = Fate.OUT_OF_SCOPE
    problems += _rejected(fates, standing_problems(connection, checked, fates == Fate.INSERTED, beside))
    hashes = content_hashes(checked)
    known = Known.read(connection, checked, fates, beside.source_id)
    problems += _rejected(fates, known.foreign_problems(fates))
    problems += _rejected(fates, _repeated_keys(checked, fates, hashes, lines))
    if replayed is not None:
        problems += _rejected(fates, known.superseded_problems(checked, fates, hashes, replayed))
    changed = known.compare(fates, hashes)
    if mode is Mode.APPEND:
        problems += _rejected(fates, _append_problems(fates))
        changed = []
    gone = known.withdrawn(fates)
    municipality = municipality_of(connection, checked, named_municipality)
    municipalities = spoken_for(checked, municipality, fates, named_municipality)
    standing = len(known.current)
    if mode is Mode.SNAPSHOT:
        owned = owned_in(connection, checked, beside.source_id, municipalities)
        gone |= known.missing(checked, fates, problems, owned)
        standing = len(owned)
    ended = (*changed, *sorted(gone))
    return Plan(
        checked, dataset.name, fates, hashes, tuple(problems), ended, len(gone), standing, municipality, municipalities
    )


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
