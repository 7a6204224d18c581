"""What targets and watch levels must keep to; rules as in `kpi.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from kpi.matter import Broken, Matter, lines_of
from kpi.tokens import suggestion

_ORGANISATION = " Skriv koden som den står i den levererade organisationen"
_MOST_BOARDS = 10
_OPPOSITE = {"at_least": "at_most", "at_most": "at_least"}


def targets_lie_on_the_right_side(matter: Matter) -> Iterator[Broken]:
    """High is good → at least; low is good or nearest zero → at most; neutral figures have no target."""
    wrong = {"increase": "at_most", "decrease": "at_least", "toward_zero": "at_least"}
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            side = wrong.get(figure.direction)
            if side is not None and getattr(target, side) is not None:
                yield (*path, side), (f"målet i {id_} ligger på fel sida: riktningen är {figure.direction} men målet "
                                      f"{side}. Byt till {_OPPOSITE[side]}, eller rätta direction"), None  # fmt: skip
            if figure.direction == "neutral":
                remedy = "Ange vilket håll som är bra, eller ta bort målet"
                yield path, f"{id_} har ett mål men riktningen neutral. {remedy}", None


def targets_do_not_overlap(matter: Matter) -> Iterator[Broken]:
    """Two lines may not begin in the same month for the same board and municipality."""
    for id_, figure in matter.document.figures.items():
        for (one_at, one), (at, other) in combinations(enumerate(figure.targets), 2):
            if (one.first, one.board, one.municipality) == (other.first, other.board, other.municipality):
                same = f"samma månad som mål nummer {one_at + 1} och gäller samma nämnd och kommun"
                yield ("figures", id_, "targets", at), f"målet i {id_} börjar {same}. Ta bort det ena", None


def rebases_differ(matter: Matter) -> Iterator[Broken]:
    """Two lines may not begin anew in the same month for the same board and municipality."""
    for id_, figure in matter.document.figures.items():
        told = {(one.first, one.board, one.municipality): at for at, one in reversed(list(enumerate(figure.rebases)))}
        for at, one in enumerate(figure.rebases):
            if told[one.first, one.board, one.municipality] != at:
                message = f"den vanliga nivån i {id_} räknas på nytt två gånger från samma månad. Ta bort den ena"
                yield ("figures", id_, "rebases", at), message, None


def shares_have_targets_between_0_and_1(matter: Matter) -> Iterator[Broken]:
    """90 per cent is written 0.9."""
    for id_, figure in matter.document.figures.items():
        if figure.unit not in ("percent", "points"):
            continue
        for path, target in lines_of(id_, figure):
            level = target.at_least if target.at_least is not None else target.at_most
            side = "at_least" if target.at_least is not None else "at_most"
            if level is not None and not 0 <= level <= 1:
                example = f"{level:g} % skrivs {level / 100:g}" if 1 < level <= 100 else "90 % skrivs 0.9"
                yield (*path, side), f"målet i {id_} är {level:g}, men en andel skrivs 0–1: {example}", 0


def boards_of_targets_are_known(matter: Matter) -> Iterator[Broken]:
    """A target's board is one of the delivered organisation's, and its municipality has boards."""
    if matter.boards is None:
        return
    municipalities = set(matter.boards.values())
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            if target.board is not None and target.board not in matter.boards:
                near = suggestion(target.board, list(matter.boards)) or _ORGANISATION
                if 0 < len(matter.boards) <= _MOST_BOARDS:
                    near += f"{'' if near.endswith('?') else '.'} Nämnderna är: {', '.join(sorted(matter.boards))}"
                told = f"målet i {id_} gäller nämnden ”{target.board}”, som inte finns.{near}"
                yield (*path, "board"), told, 0
            if target.municipality is not None and target.municipality not in municipalities:
                near = suggestion(target.municipality, list(municipalities))
                told = f"målet i {id_} gäller kommunen {target.municipality}, som inte finns.{near or _ORGANISATION}"
                yield (*path, "municipality"), told, 0


def counterparts_are_watched(matter: Matter) -> Iterator[Broken]:
    """A counterpart's figure has a watch level and no target; every other figure the reverse."""
    for id_, figure in matter.document.figures.items():
        if figure.control == "counterpart" and not figure.targets and not figure.watch:
            told = "styrs av motparten och saknar bevakningsnivå. Lägg till ”watch” med from och at_least eller at_most"
            yield ("figures", id_, "control"), f"{id_} {told}", 0
        if figure.control == "counterpart" and figure.targets:
            told = "styrs av motparten och har ”watch” i stället för mål. Byt ”targets” mot ”watch”, utan streck"
            yield ("figures", id_, "targets"), f"{id_} {told}", None
        if figure.control != "counterpart" and figure.watch:
            told = "styrs inte av motparten och har ”targets” i stället för ”watch”. Byt nyckel"
            yield ("figures", id_, "watch"), f"{id_} {told}", None


def decisions_have_been_made(matter: Matter) -> Iterator[Broken]:
    """A warning: a decision dated after today is a misspelling, or a target that is still proposed."""
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            if target.decision is not None and target.decision.date > matter.today:
                told = f"målet i {id_} har ett beslut daterat {target.decision.date}, som ännu inte har varit"
                yield (*path, "decision", "date"), f"{told}. Rätta dagen, eller vänta med decision", 0


def margins_are_in_the_values_unit(matter: Matter) -> Iterator[Broken]:
    """A share's margin is a share too: five percentage points are 0.05."""
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            near = target.near
            if near is not None and near >= 1 and figure.unit in ("percent", "points"):
                told = (
                    f"near i {id_} är {near:g}, men en andel skrivs 0–1: {near:g} procentenheter skrivs {near / 100:g}"
                )
                yield (*path, "near"), told, 0


def levels_can_be_reached(matter: Matter) -> Iterator[Broken]:
    """Numbers, shares and days are not below zero; only differences are."""
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            for side in ("at_least", "at_most"):
                level = getattr(target, side)
                if level is not None and level < 0 and figure.unit not in ("points", "percent"):
                    yield (*path, side), f"målet i {id_} är {level:g}, men värdet är aldrig under noll. Rätta talet", 0


def targets_have_one_address(matter: Matter) -> Iterator[Broken]:
    """A board lies in one municipality, which needs no telling."""
    for id_, figure in matter.document.figures.items():
        for path, target in lines_of(id_, figure):
            if target.board is not None and target.municipality is not None:
                told = f"målet i {id_} har både board och municipality. Nämnden räcker: ta bort municipality"
                yield (*path, "municipality"), told, None
