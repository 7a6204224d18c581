"""What the gap in attendance means, when school calls: the same counterparts, over twelve months."""

from __future__ import annotations

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, called, only, sip, table, unit

GAP = "sip_school_gap"
PLANS = [
    sip("school", calling_actor="skola"),
    sip("preschool", initiator_actor="forskola"),  # whoever takes the initiative calls, unless told
    sip("others", initiator_actor="skola", calling_actor="socialtjanst"),
]


def came(sip_id: str, actor: str, on: str = "2024-03-01", no: int = 1) -> Row:
    return called(sip_id, actor, on, attended=True, meeting_no=no)


def stayed_away(sip_id: str, actor: str, on: str = "2024-03-01", no: int = 1) -> Row:
    return called(sip_id, actor, on, attended=False, meeting_no=no)


def test_the_same_counterparts_are_compared_and_never_the_caller(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, GAP)
    deliver(
        engine,
        "2024-04-30",
        org_units=ORGANISATION,
        sips=PLANS,
        sip_participants=[
            came("school", "bup"),
            stayed_away("preschool", "bup"),
            came("others", "bup"),
            came("others", "bup", no=2),
            came("school", "skola"),  # the caller comes to its own meeting
            came("others", "socialtjanst"),
            stayed_away("school", "habilitering"),  # called by school only
            stayed_away("others", "polis"),  # called by others only
            stayed_away("school", "barnet"),
            stayed_away("others", "barnet"),
        ],
    )
    assert table(engine, figures, GAP, "soc") == {"2024-T1": "-0.5 (2)"}  # bup: 1/2 − 2/2
    assert table(engine, figures, GAP) == {}, "the board is the smallest level"
    deliver(
        engine,
        "2024-04-30",
        sip_participants=[stayed_away("others", "habilitering"), came("preschool", "skola"), came("others", "skola")],
    )
    # bup 1/2, habilitering 0/1, skola 1/1 (at the preschool's meeting) − bup 2/2, habilitering 0/1, skola 1/1
    assert table(engine, figures, GAP, "soc") == {"2024-T1": "-0.25 (4)"}
    taken_away = [came("others", actor, no=number) for actor, number in (("bup", 1), ("bup", 2))]
    gone = {"sip_participants": [*taken_away, came("others", "habilitering"), came("others", "skola")]}
    deliver(engine, "2024-04-30", gone=gone)
    assert table(engine, figures, GAP, "soc") == {}, "no counterpart in common"


def test_another_caller_moves_the_meetings_to_the_other_group(engine: Engine, catalogue: Catalogue) -> None:
    """A correction of the plan, and a plan delivered after its meetings."""
    figures = only(catalogue, GAP)
    rows = [came("school", "bup"), stayed_away("others", "bup"), came("late", "bup")]
    deliver(engine, "2024-05-10", org_units=ORGANISATION, sips=PLANS, sip_participants=rows)
    assert table(engine, figures, GAP, "soc") == {"2024-T1": "+1 (1)", "2024-T2": "+1 (1)*"}
    deliver(engine, "2024-05-10", sips=[sip("late")])
    assert table(engine, figures, GAP, "soc")["2024-T1"] == "+0.5 (1)"
    deliver(engine, "2024-05-10", sips=[sip("late", calling_actor="elevhalsa")])
    assert table(engine, figures, GAP, "soc")["2024-T1"] == "+1 (1)"
    deliver(engine, "2024-05-10", sips=[sip("school", calling_actor="bup")])
    assert table(engine, figures, GAP, "soc")["2024-T1"] == "+1 (1)", "bup called itself: it is left out"
    deliver(engine, "2024-05-10", gone={"sips": [sip("late")]})
    assert table(engine, figures, GAP, "soc") == {}


def test_a_tertial_looks_twelve_months_back(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, GAP)
    deliver(
        engine,
        "2024-09-10",
        org_units=ORGANISATION,
        sips=[
            *[plan | {"initiated_on": "2023-01-01"} for plan in PLANS],
            sip("in bild", unit_code="skolan", calling_actor="skola"),
            sip("others in bild", unit_code="skolan"),
        ],
        sip_participants=[
            came("school", "bup", "2023-09-01"),
            came("preschool", "bup", "2023-08-31"),
            stayed_away("others", "bup", "2024-01-10"),
            came("others", "bup", "2024-04-30", 2),
            came("in bild", "bup", "2024-05-01"),
            stayed_away("others in bild", "bup", "2024-08-31"),
            stayed_away("others in bild", "polis", "2024-08-31"),
        ],
    )
    assert table(engine, figures, GAP, "soc") == {
        "2024-T1": "+0.5 (2)",  # from May 2023: 2/2 − 1/2
        "2024-T2": "+0.5 (1)",  # from September 2023: the preschool's meeting is outside, 1/1 − 1/2
    }, "in 2023 only school had called, and in its twelve months the last tertial holds no such meeting"
    assert table(engine, figures, GAP, "bild") == {"2024-T2": "+1 (1)", "2024-T3": "+1 (1)*"}
    assert table(engine, figures, GAP, TRELLEBORG) == {
        "2024-T1": "+0.5 (2)",
        "2024-T2": "+0.6667 (2)",  # 2/2 − 1/3
        "2024-T3": "+0.6667 (1)*",  # 1/1 − 1/3: the sums of both boards, not the gap of either
    }


def test_a_meeting_is_placed_where_its_plans_unit_lay_that_day(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, GAP)
    moved = unit("norr", "unit", "bild", valid_from="2024-03-01")
    rows = [
        came("school", "bup", "2024-02-28"),
        stayed_away("others", "bup", "2024-02-29"),
        stayed_away("school", "bup", "2024-03-01", 2),
        came("others", "bup", "2024-03-01", 2),
    ]
    deliver(engine, "2024-04-30", org_units=[*ORGANISATION, moved], sips=PLANS, sip_participants=rows)
    assert table(engine, figures, GAP, "soc") == {"2024-T1": "+1 (1)"}
    assert table(engine, figures, GAP, "bild") == {"2024-T1": "-1 (1)"}
    assert table(engine, figures, GAP, TRELLEBORG) == {"2024-T1": "+0 (2)"}


def test_a_municipality_adds_to_no_tertial_after_its_as_of(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, GAP)
    svedala = unit("svedala", "municipality", SKANE, "1263")
    theirs = {"municipality_code": "1263"}
    deliver(
        engine,
        "2024-04-30",
        org_units=[*ORGANISATION, svedala],
        sips=[plan | theirs | {"unit_code": "svedala"} for plan in PLANS],
        sip_participants=[row | theirs for row in (stayed_away("school", "bup"), came("others", "bup"))],
    )
    deliver(engine, "2024-05-10", sips=PLANS, sip_participants=[came("school", "bup"), stayed_away("others", "bup")])
    assert table(engine, figures, GAP, "svedala") == {"2024-T1": "-1 (1)"}
    assert table(engine, figures, GAP, TRELLEBORG) == {"2024-T1": "+1 (1)", "2024-T2": "+1 (1)*"}
    assert table(engine, figures, GAP, SKANE) == {"2024-T1": "+0 (2)", "2024-T2": "+1 (1)*"}
