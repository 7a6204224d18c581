"""What is sent as one still tree is what Dash would have sent, and what a callback may name is never in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard.still import TYPE, as_sent
from tests.builders.rendered import unfolded

_ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "className": st.sampled_from(["lead", "num"]),
        "key": st.text(max_size=3),
        "aria-label": st.text(max_size=5),
        "style": st.just({"width": "10%"}),
        "id": st.sampled_from(["nyckeltal", "choice-month"]),
    },
)
_TEXTS = st.one_of(st.text(max_size=5), st.integers(), st.none())


def _holding(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    children = st.one_of(below, st.lists(below, max_size=4))
    elements = st.sampled_from([html.Div, html.Span, html.Td, html.Details])
    return st.one_of(
        st.builds(lambda kind, told, more: kind(told, **more), elements, children, _ATTRIBUTES),
        st.builds(lambda told: dcc.Link(told, href="/nyckeltal?manad=2025-03", className="way"), children),
        st.builds(lambda told: dmc.Anchor(told, href="/"), children),
        st.builds(lambda: dcc.Store(id="remembered", data={"a": 1})),
    )


_TREES = st.lists(st.recursive(_TEXTS, _holding, max_leaves=12), max_size=4)


@given(_TREES)
def test_every_element_arrives_as_dash_would_have_sent_it(shown: list[Any]) -> None:
    as_dash = json.loads(json.dumps(shown, cls=PlotlyJSONEncoder))
    assert unfolded(json.loads(json.dumps(as_sent(shown)))) == unfolded(as_dash)


@given(_TREES)
def test_what_has_an_identity_stays_within_reach(shown: list[Any]) -> None:
    as_dash = json.loads(json.dumps(shown, cls=PlotlyJSONEncoder))
    assert sorted(_identities(as_sent(shown))) == sorted(_identities(as_dash))


@given(_TREES)
def test_what_is_sent_is_left_as_it_is(shown: list[Any]) -> None:
    assert as_sent(as_sent(shown)) == as_sent(shown)


def test_still_siblings_are_one_and_stand_between_what_lives() -> None:
    children = [html.Tr(html.Td("ett")), html.Tr(html.Td("två")), html.Tr(id="levande"), "text"]
    sent = as_sent(html.Table(children, id="tabell"))["props"]["children"]
    assert [one["type"] for one in sent] == [TYPE, "Tr", TYPE]
    assert sent[0]["props"]["content"] == [["tr", {}, ["td", {}, "ett"]], ["tr", {}, ["td", {}, "två"]]]


def _identities(shown: Any) -> Iterator[str]:
    """The identities that Dash finds, by walking as it does: through children only."""
    if isinstance(shown, list):
        for one in shown:
            yield from _identities(one)
    elif isinstance(shown, dict) and "props" in shown:
        if "id" in shown["props"]:
            yield shown["props"]["id"]
        yield from _identities(shown["props"].get("children"))
