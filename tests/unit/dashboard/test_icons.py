"""Icons are told apart by shape alone, stand beside words, and are drawn so that paper keeps them."""

from __future__ import annotations

import re
from itertools import combinations
from urllib.parse import unquote

import pytest
from dash import html

from dashboard.app import ASSETS
from dashboard.components.status_mark import status_mark
from dashboard.components.variation_mark import assurance_icons, variation_mark
from dashboard.figures.palette import PALETTES, Palette
from dashboard.figures.signal import assurance_icon, signal_icon
from dashboard.figures.status_icon import status_icon
from dashboard.variation import SHORT
from kpi.spc.icons import Assurance
from kpi.spc.series import ChartType
from kpi.spc.verdict import Told, Variation
from kpi.status import State, Status


def shape(address: str) -> str:
    """The icon without any colour; what is filled is kept apart from what is not."""
    return re.sub(r"#[0-9a-f]{6}", "", unquote(address).replace('fill="none"', "hollow"))


def icons(palette: Palette) -> dict[str, str]:
    found = {f"status {state.value}": status_icon(state, palette) for state in State}
    found |= {f"assurance {one.value}": assurance_icon(one, palette) for one in Assurance}
    found |= {f"{told.value} {sign}": signal_icon(told, sign, palette)
              for told in (Told.IMPROVEMENT, Told.CONCERN) for sign in (1, -1)}  # fmt: skip
    found |= {"higher": signal_icon(Told.HIGHER, 1, palette), "lower": signal_icon(Told.LOWER, -1, palette)}
    return found | {"usual": signal_icon(Told.USUAL, 0, palette)}


@pytest.mark.parametrize("palette", PALETTES)
def test_no_two_icons_have_the_same_shape(palette: Palette) -> None:
    for (one, drawn), (other, beside) in combinations(icons(palette).items(), 2):
        assert shape(drawn) != shape(beside), (one, other)


def test_both_colour_schemes_have_the_same_shapes() -> None:
    light, dark = (icons(palette) for palette in PALETTES)
    assert {name: shape(one) for name, one in light.items()} == {name: shape(one) for name, one in dark.items()}


def test_an_icon_is_an_image_without_words_of_its_own_beside_words() -> None:
    marks = [status_mark(Status(state, "Ord")) for state in State]
    marks += [found for told in SHORT if (found := variation_mark(Variation(ChartType.XMR, (), told, sign=1)))]
    assert len(marks) == len(State) + len(SHORT)
    for mark in marks:
        *images, words = mark.children
        assert [one.className.split()[-1] for one in images] == ["only-light", "only-dark"]
        assert all(isinstance(one, html.Img) and one.alt == "" and "svg" in one.src for one in images)
        assert words.children
    assert assurance_icons(None) == []


def test_no_shape_is_a_background_that_paper_or_forced_colours_leave_out() -> None:
    rules = "".join(one.read_text(encoding="utf-8") for one in sorted(ASSETS.glob("*.css")))
    assert re.search(r"\.(status|variation)[\w-]*::(before|after)", rules) is None
    printed = (ASSETS / "8-print.css").read_text(encoding="utf-8").split("@media print {", 1)[1]
    assert re.search(r"(icon|status|variation|spark)[^{]*\{[^}]*display: none", printed) is None
    assert ".only-light { display: inline-block; }" in printed
    assert ".only-dark { display: none; }" in printed
    for ground in ("light", "dark"):
        assert f"@media (forced-colors: active) and (prefers-color-scheme: {ground})" in rules


def test_paper_has_the_light_schemes_colours() -> None:
    tokens = (ASSETS / "1-tokens.css").read_text(encoding="utf-8").split("}", 2)[1]
    paper = (ASSETS / "8-print.css").read_text(encoding="utf-8")
    printed = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", paper))
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", tokens))
    assert len(printed) > 8
    assert {name: one for name, one in printed.items() if name not in ("paper", "raised")} == {
        name: light[name] for name in printed if name not in ("paper", "raised")
    }
