"""The charts' colours, one set per colour scheme; the same tokens as in `assets/1-tokens.css`."""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Inter, system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours as hex."""

    name: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    off: str
    good: str


LIGHT = Palette("light", "#ffffff", "#16202a", "#51606d", "#e9eef1", "#0b4f6c", "#b54708", "#0a4480")
DARK = Palette("dark", "#182027", "#e9eef2", "#a9b5bf", "#242f38", "#86c9e4", "#e8863d", "#b4d6f7")
PALETTES = (LIGHT, DARK)
