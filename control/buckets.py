"""How often something has been done, counted in this process's memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

_MOST_COUNTED = 20_000
"""So many readers and addresses are counted at a time; who was away the longest is forgotten first."""


@dataclass
class Buckets:
    """How often, by name: each has room for a minute's worth, which fills up again evenly."""

    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[tuple[str, int], tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, name: str, per_minute: int) -> float:
        """Take one; 0 when there was one, else how many seconds until there is."""
        with self._lock:
            now = self.clock()
            left, since = self._left.pop((name, per_minute), (float(per_minute), now))
            left = min(per_minute, left + (now - since) * per_minute / 60)
            is_free = left >= 1
            self._left[name, per_minute] = (left - is_free, now)
            if len(self._left) > _MOST_COUNTED:
                self._left.popitem(last=False)
        return 0.0 if is_free else (1 - left) * 60 / per_minute
