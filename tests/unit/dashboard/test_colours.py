"""The tokens' contrast, computed by WCAG's formula from the style sheet itself."""

import re
from itertools import combinations

import pytest

from dashboard.app import ASSETS
from dashboard.figures.palette import PALETTES

CSS = (ASSETS / "1-tokens.css").read_text(encoding="utf-8")


def _tokens(scheme: str) -> dict[str, str]:
    opening = ":root {" if scheme == "light" else ':root[data-mantine-color-scheme="dark"] {'
    block = CSS.split(opening, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "muted", "accent", "off", "good"])
@pytest.mark.parametrize("ground", ["paper", "surface", "raised"])
def test_text_is_readable(scheme: str, text: str, ground: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_are_seen(scheme: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens["control-line"], tokens["surface"]) >= 3
    assert _contrast(tokens["focus"], tokens["paper"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_differ_in_greyscale(scheme: str) -> None:
    tokens = _tokens(scheme)
    for one, other in combinations(("off", "good", "muted"), 2):
        assert _contrast(tokens[one], tokens[other]) >= 1.15


def test_charts_use_the_same_colours() -> None:
    for palette in PALETTES:
        tokens = _tokens(palette.name)
        for name in ("surface", "ink", "muted", "accent", "off"):
            assert getattr(palette, name) == tokens[name]
