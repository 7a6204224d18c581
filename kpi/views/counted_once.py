"""Counts of delivered rows, kept until a delivery is committed: on a million rows they take seconds.

    counted_once(connection, (every, narrowed, limits), lambda: ...)

What rows are known follows from the committed deliveries (`kpi.moment.Cut`). The cut is read first: what is counted
is never older, and a delivery that is committed in between has another cut. The question says all else, also which
units' rows are counted on which days (`kpi.views.reached`), so that nobody is answered by what another reaches.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from kpi.moment import current_cut

T = TypeVar("T")
MOST = 128
"""Answers of a warehouse: the boards' latest months, wide and narrowed."""

_kept: WeakKeyDictionary[Engine, OrderedDict[Hashable, Any]] = WeakKeyDictionary()
_lock = Lock()


def counted_once(connection: Connection, question: Hashable, count: Callable[[], T]) -> T:
    """What `count` finds, or has found of the same rows before. It is shared: nobody may change it."""
    key = current_cut(connection), question
    with _lock:
        kept = _kept.setdefault(connection.engine, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            found: T = kept[key]
            return found
    found = count()
    with _lock:
        kept[key] = found
        while len(kept) > MOST:
            kept.popitem(last=False)
    return found
