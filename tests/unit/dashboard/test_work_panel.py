"""What goes on has a bar with a name, and words that say how far it has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.components.work_panel import Work, step_words, work_panel
from kpi.views.jobs import Progress

WORK = Work("job-compute", "Räkna nyckeltal", True, datetime(2025, 3, 7, 12, tzinfo=UTC), Progress("Räknar", 24, 1059))


def test_the_words_say_the_step_and_how_much_of_it() -> None:
    assert step_words(WORK) == "Räknar nyckeltal, 24 av 1\u00a0059 delar."
    assert step_words(replace(WORK, progress=Progress("Läser filen", 0, 0))) == "Läser filen."
    assert step_words(replace(WORK, progress=Progress("okänt", 1, 2))) == "Pågår."
    assert step_words(replace(WORK, progress=None)) == "Pågår."
    assert step_words(replace(WORK, progress=None, is_running=False)) == "Väntar på sin tur."


def test_each_bar_has_its_label_and_only_a_known_amount_a_value() -> None:
    unknown = replace(WORK, key="request-1", progress=None, asked_by="Controller")
    waiting = replace(unknown, key="request-2", is_running=False)
    panel = work_panel([WORK, unknown, waiting])
    assert panel is not None
    items = [item.children for item in panel.children[-1].children]
    labels, bars = [one[0] for one in items[:2]], [one[1] for one in items[:2]]
    assert len(items[2]) == 2, "what waits has no bar"
    assert [one.htmlFor for one in labels] == [one.id for one in bars] == ["work-job-compute", "work-request-1"]
    assert (bars[0].value, bars[0].max) == ("24", "1059")
    assert getattr(bars[1], "value", None) is None
    assert work_panel([]) is None
