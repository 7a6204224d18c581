"""`samkoll protect` as another program meets it: JSON in, JSON out, and a sentence when the table is wrong."""

from __future__ import annotations

import json

from tests.builders.command import Samkoll

TABLE = {
    "cells": {"a": 3, "b": 7, "c": 12, "t": 22, "å": 0},
    "relations": [{"total": "t", "parts": ["a", "b", "c"]}],
    "hide_up_to": 4,
}


def test_a_table_is_protected(samkoll: Samkoll) -> None:
    ran = samkoll.process("protect", stdin=json.dumps(TABLE))
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {
        "published": {"c": 12, "t": 22},
        "hidden": ["a", "b", "å"],
        "certificate": {"a": [0, 10], "å": [0, 1_000_000_000]},
    }
    assert not (samkoll.folder / "var").exists(), "nothing is stored"


def test_the_order_of_keys_does_not_matter(samkoll: Samkoll) -> None:
    turned = {
        "hide_up_to": 4,
        "relations": [{"parts": ["c", "b", "a"], "total": "t"}],
        "cells": dict(reversed(TABLE["cells"].items())),  # type: ignore[attr-defined]
    }
    assert samkoll("protect", stdin=json.dumps(turned)).out == samkoll("protect", stdin=json.dumps(TABLE)).out


def test_a_table_that_does_not_add_up_is_the_users_error(samkoll: Samkoll) -> None:
    ran = samkoll(
        "protect", stdin='{"cells": {"a": 3, "t": 4}, "relations": [{"total": "t", "parts": ["a"]}], "hide_up_to": 4}'
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Summan t är 4 men delarna (a) blir 3. Rätta antalen eller relationen.\n"


def test_what_is_no_table_is_the_users_error(samkoll: Samkoll) -> None:
    for text in ("", "hej", "[]", "{}"):
        ran = samkoll("protect", stdin=text)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Tabellen ")
        assert "Traceback" not in ran.err


def test_the_help_is_in_swedish(samkoll: Samkoll) -> None:
    ran = samkoll("protect", "--help")
    assert ran.code == 0
    assert "Dölj små antal" in ran.out
