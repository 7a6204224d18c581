"""What a reader is told about actions, and how their figure is drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from control.actions.content import BoardAction, CostClass, Effect, Origin, Status
from control.actions.effect import compare
from dashboard import action_words
from dashboard.components.action_parts import effect_section
from dashboard.components.series_panel import series_panel
from dashboard.figures.effect import effect_chart, side_of
from dashboard.figures.palette import DARK, LIGHT
from dashboard.figures.trend import trend
from kpi.format import NBSP
from kpi.period import Period
from kpi.rolling import months_back
from kpi.views.rows import ChartMark, FigureRow
from tests.builders.figures import MARCH, definition, share, share_row
from tests.builders.rendered import told

TODAY = date(2025, 3, 10)
ATTENDANCE = definition("sip_full_attendance")


def action(what: str = "Boka i förväg", due: str = "2025-04-01", **more: Any) -> BoardAction:
    due_on = date.fromisoformat(due)
    found = BoardAction(
        1, "1287", "1287-SN", None, what, "Sent", Origin.FIGURE, None, ATTENDANCE.id, "Enhetschefen", date(2024, 9, 1),
        due_on, due_on, 0.55, 0.85, CostClass.LOW, Status.STARTED, None, 0, datetime(2024, 9, 1, tzinfo=UTC), "chef",
    )  # fmt: skip
    return replace(found, **more)


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ([], "Nämnden har inga åtgärder ännu."),
        (
            [action(due="2025-03-01"), action(due="2025-03-09"), action("Utbilda")],
            (
                "Två åtgärder är försenade. Näst på tur är ”Utbilda”, som ska vara klar 1~april~2025. "
                "Ingen åtgärd har bedömts ha gett effekt ännu."
            ),
        ),
        (
            [action(status=Status.DONE, done_on=TODAY, effect=Effect.YES), action("Rutin", status=Status.CANCELLED)],
            "Inga åtgärder pågår. Åtgärden ”Boka i förväg” bedöms av förvaltningen ha gett effekt.",
        ),
    ],
)
def test_the_first_sentences(actions: Sequence[BoardAction], said: str) -> None:
    assert " ".join(words for words, _ in action_words.lead(actions, TODAY)).replace(NBSP, "~") == said


def test_that_an_action_has_worked_is_a_judgement_beside_what_the_figures_show() -> None:
    done = [action(status=Status.DONE, done_on=TODAY, effect=Effect.YES, number=number) for number in (1, 2)]

    def judged(*actions: BoardAction, unproven: frozenset[int] = frozenset()) -> str:
        return action_words.lead(actions, TODAY, unproven)[-1][0]

    assert judged(done[0], unproven=frozenset({1})).endswith(
        ", men om det är mer än normal variation går inte att säga."
    )
    assert judged(*done) == "Två åtgärder bedöms av förvaltningen ha gett effekt, senast ”Boka i förväg”."
    assert judged(*done, unproven=frozenset({2})).endswith(
        "; för en av dem går det inte att säga om det är mer än normal variation."
    )
    assert "; för ingen av dem går det att säga" in judged(*done, unproven=frozenset({1, 2}))


def test_status_in_words() -> None:
    assert action_words.status(action(due="2025-03-09"), TODAY) == f"försenad 1{NBSP}dag"
    assert action_words.status(action(due="2025-03-10"), TODAY) == "pågår"
    done = action(due="2025-04-01", status=Status.DONE, done_on=TODAY)
    assert action_words.status(done, TODAY).endswith("i tid")
    late = replace(done, first_due_on=date(2025, 3, 1))
    assert action_words.status(late, TODAY).endswith("efter den dag som lovades först")


def test_a_change_tells_before_and_after_in_words() -> None:
    told_ = [
        action_words.change(name, old, new, ATTENDANCE).replace(NBSP, "~")
        for name, old, new in (
            ("due_on", "2025-05-31", "2025-06-30"), ("done_on", None, "2025-06-20"), ("status", "started", "done"),
            ("expected_to", 0.85, 0.9), ("cost_class", "low", "none"), ("what", "Boka", "Boka tidigt"),
        )
    ]  # fmt: skip
    assert told_ == [
        "Klar senast: 31~maj~2025 → 30~juni~2025", "Klar: 20~juni~2025", "Status: pågår → klar",
        "Förväntat värde: 85~% → 90~%", "Kostnad: inom ordinarie arbete → ingen kostnad", "Vad: ”Boka” → ”Boka tidigt”",
    ]  # fmt: skip


def row(after: int) -> FigureRow:
    months = months_back(MARCH, 20)
    met = [10, 12] * 6 + [10] + [after] * 7
    series = tuple(
        share(one, 20, month, periods=1, covered=1) for one, month in zip(met, months, strict=True)
    )  # fmt: skip
    return replace(share_row(60, 100, kpi_id=ATTENDANCE.id), series=series, rolling=())


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (18, "större än vanlig variation. Det förväntade värdet 85~% är nått."),
        (14, "större än vanlig variation. Det förväntade värdet 85~% är inte nått."),
        (9, "Det har inte blivit bättre. Det förväntade värdet 85~% är inte nått."),
    ],
)
def test_before_and_after_in_words(after: int, said: str) -> None:
    found = compare(ATTENDANCE, row(after).series, date(2024, 9, 1), expected_from=0.55, expected_to=0.85)
    sentence = action_words.comparison(ATTENDANCE, found, 0.85).replace(NBSP, "~")
    assert sentence.startswith("Före åtgärden låg nyckeltalet på 55~% (aug~2023 – aug~2024), efter på ")
    assert sentence.endswith(said)


def test_it_is_too_early_while_no_whole_month_has_passed() -> None:
    found = compare(ATTENDANCE, row(18).series, date(2025, 3, 2))
    assert action_words.comparison(ATTENDANCE, found, None).startswith("Ännu finns ingen hel månad")
    assert "för tidigt" in action_words.proposal(found)


def test_the_caption_tells_of_what_is_drawn_and_of_nothing_else() -> None:
    shown, one = row(18), action()
    whole = compare(ATTENDANCE, shown.series, date(2024, 9, 1), expected_from=0.55, expected_to=0.85)
    page = told(effect_section(shown, whole, one))
    assert "Tunn linje: nivån före, dragen vidare; prickade: naturliga gränser före." in page
    assert whole.before is not None
    unlimited = replace(whole, before=replace(whole.before, lower=None, upper=None), after=None)
    page = told(effect_section(shown, unlimited, replace(one, expected_to=None)))
    assert "Lodrät linje: åtgärden börjar. Tunn linje: nivån före, dragen vidare. Hela perioder räknas" in page


def test_the_effects_chart_is_plain_json_with_its_lines() -> None:
    shown = row(18)
    found = compare(ATTENDANCE, shown.series, date(2024, 9, 1), expected_from=0.55, expected_to=0.85)
    for palette in (LIGHT, DARK):
        chart = effect_chart(shown, found, Period.parse("2024-09"), 0.85, palette)
        assert json.loads(json.dumps(chart)) == chart
    levels = [one["y"][0] for one in chart["data"][1:]]
    assert levels[0] == pytest.approx(54.6, abs=0.1)
    assert levels[-1] == pytest.approx(90)
    assert [one.get("text") for one in chart["layout"]["annotations"]] == [f"efter <b>90{NBSP}%</b>", "åtgärden börjar"]
    assert all(one["yanchor"] == "bottom" for one in chart["layout"]["annotations"][1:]), "above the points, on none"
    assert chart["layout"]["shapes"][0]["y0"] == 85
    assert chart["layout"]["shapes"][1]["x0"] == 13
    assert [side_of(found, Period.parse(month)) for month in ("2024-08", "2024-09", "2023-07")] == [
        "före", "efter", "räknas inte",
    ]  # fmt: skip


def test_an_action_stands_in_its_figures_chart_its_text_and_its_table() -> None:
    mark = ChartMark(Period.parse("2024-09"), "Boka <i>i förväg</i>", False, 1)
    shown = replace(row(18), marks=(mark, replace(mark, month=Period.parse("2019-01"), note="Gammal")))
    layout = trend(shown, LIGHT)["layout"]
    assert [one["text"] for one in layout["annotations"]].count("åtgärd") == 1
    assert "<i>" not in json.dumps(layout), "what people write is never a chart's text"
    page = told(series_panel(shown))
    assert page.count("åtgärden ”Boka <i>i förväg</i>” började") == 2, "below the chart and in the table"
    assert "Gammal" not in page
