"""The samples behind controls: that the system drew them, and how they can be drawn again. Pure.

How many plans there are to draw from is an inside number: it has passed no release, and held against what has it could
give away a few. So it stands in the annex under secrecy, and so does any number too small to be shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from control.occasions.occasion import Sample
from control.papers.content import Annex, Cell, Column, Paragraph, Section, Table
from control.papers.occasions import Occasion
from control.papers.plan_words import named
from control.papers.sources import Plan
from kpi import format as text
from kpi.disclosure.primary import HIDE_UP_TO
from kpi.disclosure.suppressed import SUPPRESSED

_COLUMNS = (
    Column("Kontrollmoment", 42), Column("Period", 12), Column("Lottade", 14), Column("Frö", 14),
    Column("Fingeravtryck", 18),
)  # fmt: skip
_ABOUT = (
    "Systemet har lottat stickproven; ingen har valt. Den som har listan kan lotta om med fröet, och pröva att listan "
    "är densamma mot fingeravtrycket."
)
_ELSEWHERE = (
    f"Två punkter ({SUPPRESSED}) betyder att antalen inte visas här: de står i bilagan under sekretess. Hur många som "
    "ska lottas står i planen."
)


def is_public(sample: Sample) -> bool:
    """Whether its numbers may be told: it is not of plans (of which none is numbered), and no number is small."""
    return bool(sample.drawn) and min(sample.size, sample.population) > HIDE_UP_TO


def sample_words(found: Sequence[Occasion]) -> str:
    """`Stickprov: 17 av 112 lottade, fingeravtryck ab12…`; how many where there are several, nothing without any."""
    samples = [one.sample for one in found if one.sample is not None]
    if len(samples) > 1:
        return f"{text.capital(text.count_word(len(samples)))} stickprov lottade av systemet, se bilagan om stickprov"
    for one in samples:
        many = f"Stickprov: {_of(one)} lottade" if is_public(one) else "Stickprov lottat av systemet"
        return f"{many}, fingeravtryck {one.code}" if one.code else many
    return ""


def samples_annex(plans: Sequence[Plan], found: Sequence[Occasion]) -> list[Annex]:
    """The seed and the fingerprint of each; none where nothing was drawn."""
    rows = [
        _row(plans, one, one.sample, _of(one.sample) if is_public(one.sample) else str(SUPPRESSED))
        for one in found
        if one.sample is not None
    ]
    if not rows:
        return []
    is_hidden = any(one.sample is not None and not is_public(one.sample) for one in found)
    about = Paragraph(f"{_ABOUT} {_ELSEWHERE}" if is_hidden else _ABOUT)
    return [Annex("Stickprov", (Section("Lottade stickprov", (about, Table("Stickprov", _COLUMNS, tuple(rows)))),))]


def secret_samples(plans: Sequence[Plan], found: Sequence[Occasion]) -> list[Section]:
    """Those whose numbers the public paper hides, with their numbers."""
    rows = [
        _row(plans, one, one.sample, _of(one.sample))
        for one in found
        if one.sample is not None and not is_public(one.sample)
    ]
    if not rows:
        return []
    return [Section("Stickprov", (Table("Stickprov vars antal är dolda", _COLUMNS, tuple(rows)),))]


def _of(sample: Sample) -> str:
    return f"{text.number(sample.size)} av {text.number(sample.population)}"


def _row(plans: Sequence[Plan], one: Occasion, sample: Sample, many: str) -> tuple[Cell, ...]:
    return (
        Cell(named(plans, one.control_id)[0], below=f"Lottat bland: {sample.of}"),
        Cell(text.month(one.period, short=True)),
        Cell(many),
        Cell(str(sample.seed)),
        Cell(sample.code or "–"),
    )
