"""Mantine's theme on our tokens. The style sheets hold the rest; `assets/1-tokens.css` is where colours are decided."""

from __future__ import annotations

from typing import Any

from dashboard.figures.palette import FONT

# Ten shades of the accent (index 7 in light mode and 3 in dark mode reach 4.5:1 against their surfaces).
PETROL = [
    "#eef6f9", "#d9e9f0", "#b3d4e1", "#86c9e4", "#58a5c3", "#2f84a5", "#186888", "#0b4f6c", "#083f57", "#052c3d",
]  # fmt: skip

# Mantine's dark surfaces and text, on the same hue as our paper (index 6 is inputs, 7 the page).
DARK = [
    "#e9eef2", "#c9d2d9", "#a9b5bf", "#7f8d99", "#3d4a55", "#2d3943", "#1f2931", "#182027", "#10161b", "#0b1014",
]  # fmt: skip

THEME: dict[str, Any] = {
    "fontFamily": FONT,
    "headings": {"fontFamily": FONT, "fontWeight": "650"},
    "colors": {"petrol": PETROL, "dark": DARK},
    "primaryColor": "petrol",
    "primaryShade": {"light": 7, "dark": 3},
    "autoContrast": True,
    "defaultRadius": "md",
    "cursorType": "pointer",
    "respectReducedMotion": True,
}
