"""A figure in a paper: its cells, its sentence, its chart. Pure; of what is hidden only that is told."""

from __future__ import annotations

from control.marks import OF_ACTION
from control.papers.content import Cell, Chart, Column, Point, Table
from control.papers.figures import Figure, months_of
from kpi import format as text
from kpi.code_words import part_words
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import SUPPRESSED, Suppressed
from kpi.period import Period, PeriodType
from kpi.released import Numbers, Shown
from kpi.spc.verdict import Told
from kpi.status import State
from kpi.target_words import level, target

DASH = "–"
_LEAST_DRAWN = 3
_MOST_HIDDEN = 3
"""Hidden parts that have rows of their own; more of them share one."""
HIDDEN = (
    f"Två punkter ({SUPPRESSED}) betyder att värdet inte visas: fallen är för få, eller så skulle värdet avslöja ett "
    "sådant."
)
_CLEAR = {
    Told.IMPROVEMENT: "Tydlig förbättring",
    Told.CONCERN: "Tydlig försämring",
    Told.HIGHER: "Tydligt högre än vanligt",
    Told.LOWER: "Tydligt lägre än vanligt",
    Told.USUAL: "Som vanligt",
}
FIGURE_COLUMNS = (
    Column("Nyckeltal", 30),
    Column("Utfall", 15, is_number=True),
    Column("Senaste 12 månaderna", 15, is_number=True),
    Column("Mål eller nivå", 19),
    Column("Bedömning", 21),
)


def value_cell(definition: Definition, shown: Shown | None) -> Cell:
    """The value, and beneath it what it rests on."""
    if shown is None:
        return Cell(DASH)
    if isinstance(shown, Suppressed):
        return Cell(str(SUPPRESSED))
    if shown.value is None:
        return Cell("inga fall")
    told = text.quantity(shown.value, definition.unit, definition.decimals)
    below = rests_on(definition, shown)
    if definition.unit == "points":  # the unit is long, and the column narrow
        told, below = told.split(text.NBSP)
    return Cell(told, shown.value, definition.unit, definition.decimals, below)


def rests_on(definition: Definition, shown: Numbers) -> str:
    """`29 av 46`; nothing for what has no parts."""
    if definition.shape is not Shape.SHARE or shown.numerator is None or shown.denominator is None:
        return ""
    return f"{text.number(shown.numerator)} av {text.number(shown.denominator)}"


def told(definition: Definition, shown: Shown | None) -> str:
    """The value in running text: `63 % (29 av 46)`."""
    if isinstance(shown, Suppressed):
        return SUPPRESSED.words
    if shown is None or shown.value is None:
        return value_cell(definition, shown).text
    words, of = text.quantity(shown.value, definition.unit, definition.decimals), rests_on(definition, shown)
    return f"{words} ({of})" if of else words


def target_words(figure: Figure) -> str:
    """The target, or that there is none."""
    return text.capital(target(figure.definition, figure.target))


def judgement(figure: Figure) -> str:
    """How the figure stands, and whether it has clearly changed."""
    if figure.splits:
        return "Se delarna nedan"
    if figure.status is None:
        is_hidden = isinstance(figure.judged, Suppressed)
        return "Bedöms inte: värdet visas inte" if is_hidden else "Bedöms inte som helhet"
    change = change_words(figure)
    return f"{figure.status.words}; {change.lower()}" if change else figure.status.words


def parts_words(figure: Figure) -> str:
    """How the parts stand where they are not told one by one: `sex delar, varav fem utanför sin nivå`."""
    off = sum(one is not None and one.state is State.OFF for one in map(figure.status_of, figure.splits.values()))
    count, some = text.counts(len(figure.splits), off, is_common=True)
    many = f"{count} {'del' if len(figure.splits) == 1 else 'delar'}"
    if figure.target is None:
        return f"{many}, följs utan mål"
    if off == len(figure.splits) > 1:
        return f"{many}, alla utanför sin nivå"
    return f"{many}, varav {some if off else 'ingen'} utanför sin nivå"


def short_line(figure: Figure) -> str:
    """The figure in a line: `Vilande SIP, augusti 2026: 15 % (11 av 71), högre än det föreslagna målet`."""
    span = f"tolv månader till och med {when(figure.of)}" if figure.twelve is not None else when(figure.of)
    name = f"{figure.definition.name}, {span}{', hela kommunen' if figure.unit.level != 'board' else ''}"
    if figure.splits:
        return f"{name}: {parts_words(figure)}"
    is_told = figure.status is not None and figure.target is not None and not isinstance(figure.judged, Suppressed)
    judged = f", {figure.status.words.lower()}" if is_told and figure.status is not None else ""
    return f"{name}: {told(figure.definition, figure.judged)}{judged}"


def change_words(figure: Figure) -> str:
    """What the chart says of the latest month; nothing when it says nothing."""
    return _CLEAR.get(figure.variation.told, "")


def is_worse(figure: Figure) -> bool:
    """Whether it has clearly changed for the worse."""
    return figure.variation.told is Told.CONCERN


def is_better(figure: Figure) -> bool:
    """Whether it has clearly changed for the better."""
    return figure.variation.told is Told.IMPROVEMENT


def when(period: Period) -> str:
    """`mars 2025`, `T1 2025`."""
    return text.month(period, short=period.type is not PeriodType.MONTH)


def figure_rows(figure: Figure, paper: Period) -> list[tuple[Cell, ...]]:
    """The figure's row, and one for each of its parts."""
    definition = figure.definition
    below = [] if figure.of == paper else [when(figure.of)]
    below += ["hela kommunen"] if figure.unit.level != "board" else []
    name = Cell(definition.name, below=", ".join(below))
    if not figure.splits:
        return [
            (
                name,
                value_cell(definition, figure.value),
                value_cell(definition, figure.twelve),
                Cell(target_words(figure)),
                Cell(judgement(figure)),
            )
        ]
    head = (name, Cell(DASH), Cell(DASH), Cell(target_words(figure)), Cell(judgement(figure)))
    hidden = [part_words(definition, split) for split, shown in figure.splits.items() if isinstance(shown, Suppressed)]
    is_folded = len(hidden) > _MOST_HIDDEN
    parts = [
        (
            Cell(f"{DASH} {part_words(definition, split)}"),
            value_cell(definition, shown),
            Cell(DASH),
            Cell(""),
            Cell(status.words if (status := figure.status_of(shown)) is not None else ""),
        )
        for split, shown in figure.splits.items()
        if not (is_folded and isinstance(shown, Suppressed))
    ]
    if is_folded:
        folded = Cell(f"{DASH} {text.count_word(len(hidden))} delar som inte visas", below=", ".join(hidden))
        parts.append((folded, Cell(str(SUPPRESSED)), Cell(DASH), Cell(""), Cell("")))
    return [head, *parts]


def figure_table(caption: str, figures: list[Figure], paper: Period) -> Table:
    """The figures' table; without the twelve months where none has them."""
    rows = [row for one in figures for row in figure_rows(one, paper)]
    if any(one.twelve is not None for one in figures):
        return Table(caption, FIGURE_COLUMNS, tuple(rows))
    name, value, _, *more = FIGURE_COLUMNS
    return Table(caption, (name, value, *more), tuple((*row[:2], *row[3:]) for row in rows))


def sentence(figure: Figure) -> str:
    """The figure in a sentence or two: the value, the target, the twelve months, the period before."""
    definition = figure.definition
    where = ", hela kommunen" if figure.unit.level != "board" else ""
    parts = [f"{text.capital(when(figure.of))}{where}: {_of_parts(figure) or told(definition, figure.value)}."]
    if figure.twelve is not None:
        parts.append(f"De senaste tolv månaderna: {told(definition, figure.twelve)}.")
    if figure.before is not None:
        parts.append(f"{text.capital(when(figure.before_of))}: {told(definition, figure.before)}.")
    goal = target(definition, figure.target)
    if figure.target is None:
        parts.append("Nyckeltalet följs utan mål.")
    else:
        parts.append(f"{text.capital(goal)}." if figure.target.is_watch else f"Mål: {goal}.")
    if figure.status is not None:
        parts.append(f"Bedömning: {figure.status.words.lower()}.")
    if change := change_words(figure):
        parts.append(f"Senaste månaden: {change.lower()}.")
    if level_ := new_level(figure):
        parts.append(level_)
    return " ".join(parts)


def new_level(figure: Figure) -> str:
    """From when its usual level is counted anew, and why; nothing where it is not."""
    if figure.rebase is None:
        return ""
    of, note = text.month(figure.rebase.first), figure.rebase.note.rstrip(".")
    action = note.removeprefix(OF_ACTION)
    why = f": {note}" if action == note else f", på grund av åtgärden ”{action}”"
    return f"Ny vanlig nivå räknas från {of}{why}."


def _of_parts(figure: Figure) -> str:
    """The parts that are on the wrong side of the target; nothing for a figure that is told whole."""
    off = [
        f"{part_words(figure.definition, split)} {told(figure.definition, shown)}"
        for split, shown in figure.splits.items()
        if (status := figure.status_of(shown)) is not None and status.state is State.OFF
    ]
    return ", ".join(off)


def figure_chart(figure: Figure) -> Chart | None:
    """The last twelve months, or the own periods that have been released; None with fewer than three values to show."""
    definition = figure.definition
    if definition.period is PeriodType.MONTH:
        last = Period.containing(figure.of.last_day, PeriodType.MONTH)
        found = [(period, shown) for period, shown in months_of(figure.series, last) if shown is not None]
        short = True
    else:
        own = sorted(one for one in figure.series if one.type is definition.period and one <= figure.of)
        found = [(period, figure.series[period]) for period in own[-9:]]
        short = False
    points = tuple(_point(period, shown, short=short) for period, shown in found)
    if sum(one.value is not None for one in points) < _LEAST_DRAWN:
        return None
    marks = figure.variation.marks
    mark = marks[-1] if marks and definition.period is PeriodType.MONTH else None
    words = level(definition, figure.target) if figure.target else ""
    name = _level_name(figure)
    return Chart(
        title=f"{definition.name} per {_SORT[definition.period]}",
        alt=_alt(figure, points, f"{name} {words}" if words else ""),
        points=points,
        unit=definition.unit,
        decimals=definition.decimals,
        level=figure.target.level if figure.target else None,
        level_words=f"{text.capital(name)} {words}" if words else "",
        centre=mark.centre if mark else None,
        lower=mark.lower if mark else None,
        upper=mark.upper if mark else None,
    )


_SORT = {PeriodType.MONTH: "månad", PeriodType.TERTIAL: "tertial", PeriodType.YEAR: "år"}


def _level_name(figure: Figure) -> str:
    if figure.target is None:
        return ""
    if figure.target.is_watch:
        return "bevakningsnivå" if figure.target.is_decided else "föreslagen bevakningsnivå"
    return "mål" if figure.target.is_decided else "föreslaget mål"


def _point(period: Period, shown: Shown, *, short: bool) -> Point:
    label = text.month(period, short=True) if short or period.type is not PeriodType.MONTH else str(period)
    if isinstance(shown, Suppressed):
        return Point(label, None, is_hidden=True)
    return Point(label, shown.value)


def _alt(figure: Figure, points: tuple[Point, ...], level_words: str) -> str:
    definition = figure.definition
    values = ", ".join(f"{one.label} {_told_point(definition, one)}" for one in points)
    target_ = f" Linje: {level_words}." if level_words else ""
    return f"Linjediagram. {definition.name}: {values}.{target_}".replace(text.NBSP, " ")


def _told_point(definition: Definition, point: Point) -> str:
    if point.is_hidden:
        return "visas inte"
    return DASH if point.value is None else text.quantity(point.value, definition.unit, definition.decimals)
