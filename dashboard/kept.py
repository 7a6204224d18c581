"""Parts of pages that are kept for the next reader with the very same rights, until anything at all has changed.

What is kept is made by a reader without a name (`by_rights`), so nothing of one person can stand in it; it is found
again only by equal grants, the same definitions, the same day, the same question, and a stamp of everything committed
(`warehouse.stamp`). Refusals are exceptions and never kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from dashboard.context import Context, Page
from dashboard.still import as_sent
from kpi.access import Viewer
from warehouse import clock
from warehouse.stamp import Stamp, Stamps

T = TypeVar("T")
MOST = 64
"""Parts; a board's overview is two megabytes."""


@dataclass
class _Part:
    """One that is kept, or is being made: who asks for it meanwhile waits, rather than making it too."""

    lock: Lock = field(default_factory=Lock)
    made: list[Any] = field(default_factory=list)


_kept: OrderedDict[tuple[Any, ...], _Part] = OrderedDict()
_stamps: WeakKeyDictionary[Engine, Stamps] = WeakKeyDictionary()
_lock = Lock()


def stamp_of(engine: Engine) -> Stamp | None:
    """The stamp of all that is committed. Taken before the transaction that reads what is to be kept."""
    with _lock:
        stamps = _stamps.setdefault(engine, Stamps())
    return stamps.now(engine)


def by_rights(context: Context, name: str, question: Hashable, make: Callable[[Context], T]) -> T:
    """What `make` makes for a reader with these rights and no name, or has made before. It is shared: nobody may change
    it. `question`: all that it depends on besides the rights, the definitions, the day and the warehouse."""
    nameless = replace(context, viewer=Viewer("", context.viewer.grants), query={})
    if context.stamp is None:
        return make(nameless)
    definitions = context.definitions.data, context.definitions.on_disk
    part = _part((context.stamp, name, question, context.viewer.grants, definitions, clock.today()))
    with part.lock:
        if not part.made:
            part.made.append(make(nameless))
        found: T = part.made[0]
    return found


def whole_by_rights(page: Callable[[Context], Page]) -> Callable[[Context], Page]:
    """A page that shows nothing of whoever reads it, and follows from the address and the rights: kept whole."""

    @wraps(page)
    def kept(context: Context) -> Page:
        if context.stamp is None:
            return page(context)
        query = context.query
        question = page.__module__, tuple(sorted(query.items()))

        def make(nameless: Context) -> Page:
            made = page(replace(nameless, query=query))
            return Page(made.title, as_sent(made.children))

        return by_rights(context, "page", question, make)

    return kept


def _part(key: tuple[Any, ...]) -> _Part:
    """The part of that key; those of an earlier stamp of the same warehouse are let go."""
    stamps, _ = key[0]
    with _lock:
        if key not in _kept:
            for old in [one for one in _kept if one[0][0] is stamps and one[0] != key[0]]:
                del _kept[old]
        part = _kept.setdefault(key, _Part())
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return part


def for_sending(context: Context, shown: list[Any]) -> list[Any]:
    """As they are kept: components as `as_sent` has them; as they are where nothing is kept."""
    found: list[Any] = shown if context.stamp is None else as_sent(shown)
    return [one for one in found if one is not None]
