"""What stands in for a figure's faulty values, so that the rest of it can be judged in the same run. Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from kpi.yaml_tree import Path

_STAND_INS: dict[str, object] = {
    "name": "namnet", "why": "varför", "description": "hur", "unit": "count", "decimals": 0, "release_class": "person",
    "audit": {"report": "rapporten", "section": "avsnittet", "gist": "innehållet"}, "audit_question": 1,
    "areas": ["social"], "owner_role": "rollen", "period": "month", "smallest_level": "unit", "direction": "neutral",
    "control": "own",
}  # fmt: skip
"""What stands in for a faulty value that decides no other value, so that the rest of its figure can be judged."""
_STAND_IN_TARGET: dict[str, object] = {"from": "1999-01", "at_least": 0.5}
_LEFT_OUT = ("minimum_cases", "targets", "watch", "beside", "chart", "rebases", "checked_by", "reviewed_on",
            "reviewed_meaning", "next_review", "valid_from", "valid_to")  # fmt: skip
"""What is left out instead."""


def mend(content: Any, details: list[Any]) -> set[Path]:
    """Puts something valid where a figure has a fault that decides nothing else; the paths of what was put or taken."""
    mended: set[Path] = set()
    for one in details:
        location = [part for part in one["loc"] if part != "[key]"]
        if len(location) < 4 or location[0] != "figures":
            continue
        figure, key = content["figures"][location[1]], location[3]
        if not isinstance(figure, dict):
            continue
        path: Path = ("figures", location[1], key)
        if key == "parameters" and len(location) == 5 and isinstance(figure.get(key), dict):
            figure[key][location[4]] = 1
        elif key == "targets" and len(location) > 4:
            if not isinstance(figure.get(key), list):
                continue  # taken with the direction that they would be judged by
            figure[key][location[4]] = deepcopy(_STAND_IN_TARGET)
            path = (*path, location[4])
        elif key in _STAND_INS:
            figure[key] = deepcopy(_STAND_INS[key])
            if key in ("direction", "control"):
                mended |= {("figures", location[1], one) for one in ("targets", "watch") if figure.pop(one, None)}
        elif key in _LEFT_OUT or (one["type"] == "extra_forbidden" and len(location) == 4):
            figure.pop(key, None)
        else:
            continue
        mended.add(path)
    return mended
