"""Every choice that a page may hold does something."""

from __future__ import annotations

from dashboard.callbacks import CHOICES
from dashboard.components import choices


def test_every_choice_writes_its_parameter() -> None:
    ids = {value for name, value in vars(choices).items() if name.endswith("_ID") and value.startswith("choice-")}
    assert set(CHOICES) == ids
    assert len(set(CHOICES.values())) == len(CHOICES)
