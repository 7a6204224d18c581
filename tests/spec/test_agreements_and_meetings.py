"""What the figures about agreements, mandates and meetings mean, by small tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, only, table, unit


def agreement(agreement_id: str, valid_from: str, valid_to: str | None = None, **fields: Any) -> Row:
    plain = {
        "agreement_id": agreement_id,
        "municipality_code": "1287",
        "kind": "agreement",
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    return plain | fields


def test_an_agreement_binds_when_it_is_in_force_and_signed(engine: Engine, catalogue: Catalogue) -> None:
    """Valid from December and signed almost a year later is what the audit found."""
    figures = only(catalogue, "agreements_valid")
    deliver(
        engine,
        "2024-12-10",
        org_units=ORGANISATION,
        agreements=[
            agreement("signed late", "2023-12-01", signed_on="2024-11-15"),
            agreement("ends on the last of April", "2023-12-01", "2024-04-30", signed_on="2023-12-31"),
            agreement("ends the day before", "2024-01-01", "2024-08-30", signed_on="2024-01-01"),
            agreement("from the last of August", "2024-08-31", signed_on="2024-02-29"),
            agreement("never signed", "2024-09-01"),
            agreement("from as-of", "2024-12-10", signed_on="2024-12-10"),
            agreement("from tomorrow", "2024-12-11", signed_on="2024-12-01"),
            agreement("a mandate", "2023-12-01", kind="group_mandate", signed_on="2023-12-01"),
        ],
    )
    assert table(engine, figures, "agreements_valid", TRELLEBORG) == {
        "2023-T3": "1/2",
        "2024-T1": "2/3",
        "2024-T2": "1/4",
        "2024-T3": "3/6*",
    }
    assert table(engine, figures, "agreements_valid", "soc") == {}, "the municipality is the smallest level"
    corrected = agreement("never signed", "2024-09-01", signed_on="2024-12-31")
    gone = {"agreements": [agreement("ends on the last of April", "")]}
    deliver(engine, "2024-12-31", agreements=[corrected], gone=gone)
    assert table(engine, figures, "agreements_valid", SKANE) == {
        "2023-T3": "0/1",
        "2024-T1": "1/2",
        "2024-T2": "1/3",
        "2024-T3": "5/6",
    }, "what has run out counts until it is taken off the list"


def test_a_groups_mandate_needs_no_signature(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "groups_current_mandate")

    def mandate(name: str, valid_from: str, valid_to: str | None = None, code: str = "1287") -> Row:
        return agreement(name, valid_from, valid_to, kind="group_mandate", municipality_code=code)

    svedala = unit("svedala", "municipality", SKANE, "1263")
    deliver(
        engine,
        "2024-05-10",
        org_units=[*ORGANISATION, svedala],
        agreements=[
            mandate("without end", "2024-04-30"),
            mandate("to the last of April", "2023-09-01", "2024-04-30"),
            mandate("to as-of", "2024-05-01", "2024-05-10"),
            mandate("ahead", "2024-05-11"),
            mandate("theirs", "2024-02-29", "2024-03-01", "1263"),
            mandate("of an unknown municipality", "2024-01-01", code="1233"),
            agreement("an agreement", "2024-01-01", signed_on="2024-01-01"),
        ],
    )
    assert table(engine, figures, "groups_current_mandate", TRELLEBORG) == {
        "2023-T3": "1/1",
        "2024-T1": "2/2",
        "2024-T2": "2/3*",
    }
    assert table(engine, figures, "groups_current_mandate", "svedala") == {"2024-T1": "0/1", "2024-T2": "0/1*"}
    assert table(engine, figures, "groups_current_mandate", SKANE) == {
        "2023-T3": "1/1",
        "2024-T1": "2/3",
        "2024-T2": "2/4*",
    }
    deliver(engine, "2024-05-11", municipalities={"agreements": ["1287"]})
    assert table(engine, figures, "groups_current_mandate", TRELLEBORG)["2024-T2"] == "2/4*", (
        "a day ends one, begins one"
    )


def meeting(meeting_id: str, planned_on: str, held_on: str | None = None, **fields: Any) -> Row:
    plain = {
        "meeting_id": meeting_id,
        "municipality_code": "1287",
        "forum": "local",
        "planned_on": planned_on,
        "held_on": held_on,
    }
    return plain | fields


def test_meetings_by_the_day_they_were_planned_for(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "meetings_documented", "children_on_agenda")
    children: Row = {"children_on_agenda": True}
    deliver(
        engine,
        "2024-09-10",
        org_units=ORGANISATION,
        meetings=[
            meeting("noted the same day", "2024-01-01", "2024-01-01", minutes_on="2024-01-01", **children),
            meeting("held and noted next tertial", "2024-04-30", "2024-05-02", minutes_on="2024-09-10"),
            meeting("no notes", "2024-02-29", "2024-02-29", **children, forum="central"),
            meeting("never held", "2024-02-29", **children, forum="steering"),
            meeting("of a board", "2024-05-01", "2024-05-01", board_code="soc", forum="delregional"),
            meeting("of an unknown board", "2024-05-01", "2024-05-01", minutes_on="2024-05-01", board_code="okänd"),
            meeting(
                "information", "2024-02-29", "2024-02-29", minutes_on="2024-02-29", **children, forum="information"
            ),
            meeting("planned for as-of", "2024-09-10"),
            meeting(
                "planned for tomorrow, held early", "2024-09-11", "2024-09-10", minutes_on="2024-09-10", **children
            ),
        ],
    )
    documented = {"2024-T1": "2/4", "2024-T2": "0/1", "2024-T3": "0/1*"}
    assert table(engine, figures, "meetings_documented", TRELLEBORG) == documented
    assert table(engine, figures, "meetings_documented", "soc") == {}, "the municipality is the smallest level"
    agenda = {"2024-T1": "2/3", "2024-T2": "0/1"}
    assert table(engine, figures, "children_on_agenda", TRELLEBORG) == agenda, "none held in September"

    put_off = meeting("planned for as-of", "2024-12-01")
    gone = {"meetings": [meeting("no notes", "")]}
    deliver(engine, "2024-09-11", meetings=[put_off], gone=gone)
    assert table(engine, figures, "meetings_documented", SKANE) == documented | {"2024-T1": "2/3", "2024-T3": "1/1*"}
    assert table(engine, figures, "children_on_agenda", SKANE) == agenda | {"2024-T1": "1/2", "2024-T3": "1/1*"}


def test_information_is_held_as_planned_by_board_or_municipality(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "information_events")
    told: Row = {"forum": "information"}
    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        meetings=[
            meeting("held", "2024-04-30", "2024-05-03", board_code="soc", **told),
            meeting("not held", "2024-02-29", board_code="soc", **told),
            meeting("of no board", "2024-01-01", "2024-01-01", **told),
            meeting("next tertial", "2024-05-10", board_code="bild", **told),
            meeting("another forum", "2024-02-29", "2024-02-29", board_code="bild"),
        ],
    )
    assert table(engine, figures, "information_events", "soc") == {"2024-T1": "1/2"}
    assert table(engine, figures, "information_events", "bild") == {"2024-T2": "0/1*"}
    assert table(engine, figures, "information_events", TRELLEBORG) == {"2024-T1": "2/3", "2024-T2": "0/1*"}
    deliver(engine, "2024-05-31", meetings=[meeting("next tertial", "2024-05-10", "2024-05-31", **told)])
    assert table(engine, figures, "information_events", "bild") == {}, "it is not the board's after all"
    assert table(engine, figures, "information_events", SKANE) == {"2024-T1": "2/3", "2024-T2": "1/1*"}
