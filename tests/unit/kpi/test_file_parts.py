"""A figure's lines in the file: cut out and put back, the rest stays to the letter."""

from __future__ import annotations

from kpi.file_parts import figure_parts, part_text, with_figure_added, with_part
from kpi.loader import read_catalogue
from warehouse.settings import ROOT

SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")


def test_every_figure_is_found_and_put_back_to_the_letter() -> None:
    parts = figure_parts(SHIPPED)
    assert [one.id for one in parts] == list(read_catalogue(SHIPPED.encode(), "x").definitions)
    for part in parts:
        own = part_text(SHIPPED, part)
        assert own.startswith(f"  {part.id}:\n")
        assert with_part(SHIPPED, part, own) == SHIPPED


def test_a_part_that_grows_moves_only_what_comes_after() -> None:
    part = next(one for one in figure_parts(SHIPPED) if one.id == "sip_active")
    changed = with_part(SHIPPED, part, part_text(SHIPPED, part) + "    next_review: 2027-01-01\n")
    assert changed.replace("    next_review: 2027-01-01\n", "") == SHIPPED
    assert read_catalogue(changed.encode(), "x").definitions["sip_active"].next_review is not None


def test_a_new_figure_comes_last() -> None:
    last = figure_parts(SHIPPED)[-1]
    new = part_text(SHIPPED, last).replace(last.id, "another_context")
    found = list(read_catalogue(with_figure_added(SHIPPED, new).encode(), "x").definitions)
    assert found[-2:] == [last.id, "another_context"]


def test_a_file_that_is_no_yaml_has_no_parts() -> None:
    assert figure_parts("figures: [") == ()
