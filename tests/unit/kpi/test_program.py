"""The statements of the whole catalogue."""

from __future__ import annotations

import pytest
from sqlglot import exp

from kpi import program
from kpi.loader import load_catalogue
from warehouse.settings import ROOT


def test_no_shared_part_of_a_tree_is_changed_by_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees are rendered uncopied, which may change a node: the text must be that of trees rendered as copies."""
    catalogue = load_catalogue(ROOT / "kpi_definitions.yaml")
    definitions = list(catalogue.definitions.values())
    uncopied = program._compiled(definitions, catalogue.facts)

    def copied(query: exp.Expr) -> str:
        return query.sql(program.DIALECT, identify=True, copy=True)

    monkeypatch.setattr(program, "rendered", copied)
    assert program._compiled(definitions, catalogue.facts) == uncopied
