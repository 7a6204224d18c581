"""No action leaves the follow-ups without having been told as ended, and no judged effect goes untold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from control.papers.content import Table
from control.papers.control_sections import action_words, actions_section, actions_sentence, current_actions
from control.papers.sources import Action, Effect
from tests.builders.figures import MARCH

BEFORE, WITHIN, AFTER = date(2025, 2, 20), date(2025, 3, 12), date(2025, 4, 3)


def action(status: str, ended: date | None = None, judged: date | None = None, starts: date = BEFORE) -> Action:
    done, cancelled = (ended if status == one else None for one in ("done", "cancelled"))
    effect = Effect("yes", "Fler följs upp.", judged) if judged else None
    return Action(
        1, "Inför genomgång.", "", "decision", None, None, "Enhetschefen", starts, AFTER, AFTER, None, None, status,
        done, cancelled, effect, (),
    )  # fmt: skip


def test_what_happened_in_the_period_is_taken() -> None:
    taken = [
        action("started"),
        action("done", WITHIN),
        action("done", AFTER),
        action("cancelled", WITHIN),
        action("cancelled", AFTER),
        action("done", BEFORE, judged=WITHIN),
    ]
    left = [
        action("done", BEFORE),
        action("cancelled", BEFORE),
        action("done", BEFORE, judged=AFTER),
        action("done", AFTER, starts=AFTER),
    ]
    assert current_actions([*taken, *left], MARCH) == taken
    assert actions_sentence(taken, MARCH) == (
        "En åtgärd pågår eller är planerad. En åtgärd blev klar under perioden. En åtgärd blev klar efter perioden, "
        "före stängningen. En åtgärd avbröts under perioden. En åtgärd avbröts efter perioden, före stängningen. "
        "Effekten av en åtgärd bedömdes."
    )


def test_what_was_entered_in_afterthought_is_told_with_the_day() -> None:
    entered = date(2026, 2, 12)
    late = replace(action("done", WITHIN), entered_on=entered)
    in_time = replace(late, entered_on=WITHIN)
    assert [one.entered_late for one in (late, in_time)] == ["införd 12\u00a0feb\u00a02026", ""]
    assert replace(action("started"), entered_on=AFTER).entered_late == ""
    section = actions_section([late], {}, MARCH)
    (table,) = [one for one in section.blocks if isinstance(one, Table)]
    assert table.rows[0][3].below == "12\u00a0mar\u00a02025, införd 12\u00a0feb\u00a02026"
    assert action_words(late, MARCH.last_day).endswith("Ansvarig: Enhetschefen; införd 12\u00a0feb\u00a02026.")


def test_a_cancelled_action_is_told_with_its_day() -> None:
    section = actions_section([action("cancelled", WITHIN)], {}, MARCH)
    (table,) = [one for one in section.blocks if isinstance(one, Table)]
    status, effect = table.rows[0][3:]
    assert (status.text, status.below, effect.text) == ("Avbruten", "12\u00a0mar\u00a02025", "Bedöms inte")
