"""Which periods a board may close, or correct, and which comes next."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from control.release.rule import CLOSABLE, EXAMPLES, WORDS, rules
from control.release.store import closings
from kpi.organisation import Unit
from kpi.period import Period, overlap
from warehouse import clock
from warehouse.errors import UserError


def next_revision(
    connection: Connection, board: Unit, period: Period, *, is_correction: bool, today: date | None = None
) -> int:
    """The number of the closing: 0, or of the correction. UserError when the period may not be closed, or corrected."""
    if period.type not in CLOSABLE:
        raise UserError(f"En nämnd stänger inte ett helt år. Skriv {EXAMPLES}.")
    rule = rules(connection).get(board.code)
    if rule is not None and rule is not period.type:
        raise UserError(
            f"{board.name} ({board.code}) stänger {WORDS[rule]}, inte {WORDS[period.type]}. Skriv en sådan "
            f"period, eller ändra med ”samkoll closing --board {board.code} --every {period.type.value}”."
        )
    if period.last_day >= (today or clock.today()):
        raise UserError(f"{period} är inte slut. En period kan stängas från och med dagen efter dess sista dag.")
    own = [one.header for one in closings(connection) if one.header.board_code == board.code]
    earlier = [one.revision for one in own if one.period == period]
    if earlier and not is_correction:
        raise UserError(
            f"{period} är redan stängd för {board.code}. Har uppgifter ändrats sedan dess: rätta perioden på sidan "
            "Stängning (”samkoll close” med --revision) och skriv varför, så släpps det rättade vid sidan av det gamla."
        )
    overlapping = [one.period for one in own if one.period != period and overlap(one.period, period)]
    if overlapping:
        raise UserError(
            f"{period} går in i {overlapping[0]}, som {board.code} redan har stängt. En ny sorts period börjar där "
            "det som är stängt slutar: annars skulle de två tillsammans avslöja små antal."
        )
    if not earlier and is_correction:
        raise UserError(f"{period} är inte stängd för {board.code} och kan inte rättas. Stäng den först.")
    return max(earlier, default=-1) + 1
