"""What the figures about training and surveys mean, by small tables."""

from __future__ import annotations

from sqlalchemy import Engine

from kpi.definition import Catalogue
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, SKANE, TRELLEBORG, Row, answered, only, table, unit


def trained(unit_code: str, month: str, staff: int, count: int, subject: str = "secrecy") -> Row:
    return {"unit_code": unit_code, "month": month, "subject": subject, "staff": staff, "trained": count}


def test_training_is_what_the_tertials_latest_month_tells(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "training_coverage")
    deliver(
        engine,
        "2024-05-20",
        org_units=ORGANISATION,
        training=[
            trained("norr", "2023-12", 10, 1),
            trained("norr", "2024-01", 10, 2),
            trained("norr", "2024-04", 12, 9),
            trained("norr", "2024-02", 10, 10, "sip_routine"),  # each subject has a latest month of its own
            trained("norr", "2024-05", 12, 12),
            trained("söder", "2024-02", 8, 4),
            trained("söder", "2024-03", 0, 0, "sip_routine"),  # nobody is concerned: no share
            trained("söder", "2024-06", 8, 8),  # begins after as-of
            trained("soc", "2024-03", 11, 3),  # of the board itself: its members
            trained("okänd", "2024-03", 99, 99),
        ],
    )
    assert table(engine, figures, "training_coverage") == {
        "2023-T3 secrecy staff": "1/10",
        "2024-T1 secrecy staff": "9/12",
        "2024-T1 sip_routine staff": "10/10",
        "2024-T2 secrecy staff": "12/12*",
    }
    assert table(engine, figures, "training_coverage", "söder") == {"2024-T1 secrecy staff": "4/8"}
    expected = {
        "2023-T3 secrecy staff": "1/10",
        "2024-T1 secrecy board_members": "3/11",
        "2024-T1 secrecy staff": "13/20",
        "2024-T1 sip_routine staff": "10/10",
        "2024-T2 secrecy staff": "12/12*",
    }
    assert table(engine, figures, "training_coverage", "soc") == expected
    assert table(engine, figures, "training_coverage", TRELLEBORG) == expected

    gone = [trained("norr", "2024-04", 12, 9), trained("soc", "2024-03", 11, 3)]
    deliver(engine, "2024-06-01", training=[trained("söder", "2024-02", 8, 5)], gone={"training": gone})
    assert table(engine, figures, "training_coverage", "soc") == {
        "2023-T3 secrecy staff": "1/10",
        "2024-T1 secrecy staff": "7/18",  # norr's January again, söder's corrected February
        "2024-T1 sip_routine staff": "10/10",
        "2024-T2 secrecy staff": "20/20*",  # June begins by as-of
    }


def test_training_counts_where_the_unit_lay_that_month(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "training_coverage")
    moved = unit("norr", "unit", "bild", valid_from="2024-03-01")
    rows = [trained("norr", "2024-02", 10, 2), trained("söder", "2024-02", 5, 5)]
    deliver(engine, "2024-04-30", org_units=[*ORGANISATION, moved], training=rows)
    assert table(engine, figures, "training_coverage", "soc") == {"2024-T1 secrecy staff": "7/15"}
    assert table(engine, figures, "training_coverage", "bild") == {}
    deliver(engine, "2024-04-30", training=[trained("norr", "2024-03", 10, 3)])
    assert table(engine, figures, "training_coverage", "soc") == {"2024-T1 secrecy staff": "5/5"}
    assert table(engine, figures, "training_coverage", "bild") == {"2024-T1 secrecy staff": "3/10"}
    assert table(engine, figures, "training_coverage", TRELLEBORG) == {"2024-T1 secrecy staff": "8/15"}


def test_answers_and_their_parts_add_up(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "insight_in_agreements", "secrecy_confidence", "responsibility_clarity")
    deliver(
        engine,
        "2024-12-30",
        org_units=ORGANISATION,
        survey_answers=[
            *answered("insight_agreements", "staff", "soc", "2023-12-31", large=1),
            *answered("insight_agreements", "staff", "soc", "2024-01-01", large=3, some=2, small=0, dont_know=4),
            *answered("insight_agreements", "board_members", "soc", "2024-12-30", large=1, none=2),
            *answered("insight_agreements", "staff", "", "2024-02-29", some=5),  # of no board: the municipality's
            *answered("insight_agreements", "staff", "okänd", "2024-02-29", large=99),
            *answered("secrecy_confidence", "staff", "soc", "2024-02-29", small=2),
            *answered("responsibility_clear", "staff", "bild", "2024-02-29", large=0, none=0),
        ],
    )
    expected = {
        "2023": "1/1",
        "2023 large": "1/1",
        "2024": "4/12*",
        "2024 dont_know": "4/12*",
        "2024 large": "4/12*",
        "2024 none": "2/12*",
        "2024 some": "2/12*",
    }
    assert table(engine, figures, "insight_in_agreements", "soc") == expected
    of_all = expected | {
        "2024": "4/17*",
        "2024 dont_know": "4/17*",
        "2024 large": "4/17*",
        "2024 none": "2/17*",
        "2024 some": "7/17*",
    }
    assert table(engine, figures, "insight_in_agreements", TRELLEBORG) == of_all
    assert table(engine, figures, "insight_in_agreements", SKANE) == of_all
    assert table(engine, figures, "insight_in_agreements") == {}, "the board is the smallest level"
    assert table(engine, figures, "secrecy_confidence", "soc") == {"2024": "0/2*", "2024 small": "2/2*"}
    assert table(engine, figures, "responsibility_clarity", "bild") == {}, "nobody answered: no share"

    corrected = answered("insight_agreements", "staff", "soc", "2024-01-01", large=1, dont_know=0)
    gone = {"survey_answers": answered("insight_agreements", "staff", "soc", "2023-12-31", large=1)}
    deliver(engine, "2024-12-31", survey_answers=corrected, gone=gone)
    assert table(engine, figures, "insight_in_agreements", "soc") == {
        "2024": "2/6",
        "2024 large": "2/6",
        "2024 none": "2/6",
        "2024 some": "2/6",
    }


def test_the_perception_gap_is_between_board_and_staff(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "perception_gap")
    question = "follow_up_happens"
    deliver(
        engine,
        "2024-11-30",
        org_units=ORGANISATION,
        survey_answers=[
            *answered(question, "board_members", "soc", "2023-12-31", large=1),
            *answered(question, "board_members", "soc", "2024-01-01", large=3, dont_know=1),
            *answered(question, "staff", "soc", "2024-11-30", large=2, some=2, dont_know=4),
            *answered(question, "guardians", "soc", "2024-02-29", large=50),
            *answered(question, "board_members", "bild", "2024-02-29", large=1, small=1),
            *answered("secrecy_confidence", "staff", "bild", "2024-02-29", large=9),
            *answered(question, "staff", "", "2024-02-29", small=2),
        ],
    )
    assert table(engine, figures, "perception_gap", "soc") == {"2024": "+0.5 (4)*"}, "nobody of the staff in 2023"
    assert table(engine, figures, "perception_gap", "bild") == {}, "only the board answered"
    expected = {"2024": "+0.4667 (6)*"}  # 4/6 − 2/10: from the sums, not the boards' gaps
    assert table(engine, figures, "perception_gap", TRELLEBORG) == expected
    assert table(engine, figures, "perception_gap", SKANE) == expected
    deliver(
        engine,
        "2024-12-31",
        survey_answers=[
            *answered(question, "board_members", "soc", "2024-01-01", large=0, none=5),
            *answered(question, "staff", "bild", "2024-02-29", large=1),
        ],
    )
    assert table(engine, figures, "perception_gap", "soc") == {"2024": "-0.25 (6)"}
    assert table(engine, figures, "perception_gap", "bild") == {"2024": "-0.5 (1)"}
    nobody = answered(question, "staff", "bild", "2024-02-29", large=0)
    deliver(engine, "2024-12-31", survey_answers=nobody)
    assert table(engine, figures, "perception_gap", "bild") == {}, "no answers, no share"


def test_children_and_guardians_are_asked_apart(engine: Engine, catalogue: Catalogue) -> None:
    figures = only(catalogue, "child_participation", "guardian_relief")
    took_part, relieved = "child_took_part", "guardian_relieved"
    deliver(
        engine,
        "2024-05-10",
        org_units=ORGANISATION,
        survey_answers=[
            *answered(took_part, "children", "", "2024-01-01", large=3, dont_know=1),
            *answered(took_part, "children", "soc", "2024-04-30", none=1),
            *answered(took_part, "guardians", "", "2024-04-30", large=99),
            *answered(took_part, "children", "", "2024-05-01", some=2),
            *answered(relieved, "guardians", "soc", "2024-02-29", large=2, small=2),
            *answered(relieved, "staff", "soc", "2024-02-29", large=99),
        ],
    )
    assert table(engine, figures, "child_participation", TRELLEBORG) == {
        "2024-T1": "3/5",
        "2024-T1 dont_know": "1/5",
        "2024-T1 large": "3/5",
        "2024-T1 none": "1/5",
        "2024-T2": "0/2*",
        "2024-T2 some": "2/2*",
    }
    assert table(engine, figures, "child_participation", "soc") == {}, "the municipality is the smallest level"
    assert table(engine, figures, "guardian_relief", TRELLEBORG) == {
        "2024-T1": "2/4",
        "2024-T1 large": "2/4",
        "2024-T1 small": "2/4",
    }
    deliver(engine, "2024-08-31", gone={"survey_answers": answered(took_part, "children", "soc", "2024-04-30", none=1)})
    assert table(engine, figures, "child_participation", SKANE) == {
        "2024-T1": "3/4",
        "2024-T1 dont_know": "1/4",
        "2024-T1 large": "3/4",
        "2024-T2": "0/2",
        "2024-T2 some": "2/2",
    }
