"""Every choice that a page may hold does something."""

from __future__ import annotations

import re
from contextvars import copy_context

from dash._callback_context import context_value
from dash._utils import AttributeDict

from dashboard.app import ASSETS
from dashboard.callbacks import _with_choice
from dashboard.components import choices
from dashboard.places import ADDRESSES
from kpi.access import Place


def test_every_choice_writes_its_parameter() -> None:
    ids = {value for name, value in vars(choices).items() if name.endswith("_ID") and value.startswith("choice-")}
    assert set(choices.PARAMETERS) == ids
    assert len(set(choices.PARAMETERS.values())) == len(choices.PARAMETERS)


def test_other_rows_are_chosen_without_the_sorts_of_those_before() -> None:
    chosen = AttributeDict(triggered_inputs=[{"prop_id": "choice-kind.value"}])
    address = "?slag=avvikelser&lage=oppna&kategori=annan&enhet=x&sida=2"
    assert copy_context().run(
        lambda: (context_value.set(chosen), _with_choice("slag", "sip", "avvikelser", address))[1]
    ) == ("?enhet=x&slag=sip")


def test_what_is_written_about_individuals_and_users_is_never_kept() -> None:
    (never,) = re.findall(r"NEVER = /(.+)/;", (ASSETS / "written.js").read_text(encoding="utf-8"))
    pattern = re.compile(never.replace("\\/", "/"))
    refused = {place for place, at in ADDRESSES.items() if pattern.search(f"{at}/x")}
    assert refused == {Place.ROWS, Place.ACCESS, Place.USERS}
