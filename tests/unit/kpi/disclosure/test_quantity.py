"""What figures count: the same rows are one quantity, whichever figure shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpi.disclosure.quantity import Counted, counted, is_released
from kpi.disclosure.table import NEVER
from tests.builders.figures import catalogue


def _counted(kpi_id: str) -> Counted:
    found = counted(catalogue().definitions[kpi_id], catalogue().facts)
    assert found is not None
    return found


def test_a_count_and_a_denominator_of_the_same_rows_are_one_quantity() -> None:
    assert _counted("sip_established").denominator == _counted("sip_follow_up_agreed").denominator
    assert _counted("sip_active").denominator == _counted("sip_coordinator").denominator
    assert _counted("deviations_reported").denominator == _counted("deviations_per_100_sip").numerator


def test_the_rows_that_do_not_meet_a_condition_are_one_quantity_with_those_that_meet_its_opposite() -> None:
    absent, attending = _counted("sip_absence_by_actor"), _counted("sip_mandate")
    assert absent.complement == attending.denominator
    assert absent.numerator == _counted("sip_absence_unannounced").denominator


def test_other_rows_days_and_conditions_are_other_quantities() -> None:
    ids = [
        "sip_established",
        "sip_child_voice",
        "sip_call_complete",
        "sip_met_30d",
        "sip_closed_evaluated",
        "sip_active",
    ]
    assert len({_counted(one).denominator for one in ids}) == len(ids)


def test_a_further_condition_is_a_part_of_the_same_rows() -> None:
    whole, part = _counted("sip_established").denominator, _counted("sip_consent_unknown").denominator
    assert part.of == whole.of
    assert part.where > whole.where
    category = _counted("sip_absence_by_actor").of_category((("actor", "bup"),))
    assert category.denominator.where - _counted("sip_absence_by_actor").denominator.where == {"actor = bup"}


@pytest.mark.parametrize(
    ("kpi_id", "denominator", "numerator"),
    [
        ("sip_follow_up_agreed", 4, NEVER),  # process: who is counted
        ("sip_child_voice", 4, 4),  # person: also how it went
        ("insight_in_agreements", 9, 4),  # a survey is shown from ten answers
    ],
)
def test_the_release_class_says_what_must_not_be_small(kpi_id: str, denominator: int, numerator: int) -> None:
    found = _counted(kpi_id)
    assert found.numerator is not None
    assert found.complement is not None
    limits = dict(found.limits)
    assert limits[found.denominator] == denominator
    assert limits[found.numerator] == limits[found.complement] == numerator


def test_open_figures_and_published_statistics_have_nothing_to_hide() -> None:
    for kpi_id in ("training_coverage", "agreements_valid", "school_health_access"):
        assert counted(catalogue().definitions[kpi_id], catalogue().facts) is None


def test_how_many_units_are_silent_is_never_released() -> None:
    definitions = catalogue().definitions
    assert not is_released(definitions["deviation_silent_units"])
    assert not is_released(definitions["youth_influence"])
    assert not is_released(definitions["collaboration_maturity"])
    assert is_released(definitions["deviations_reported"])
    assert is_released(definitions["training_coverage"])


def test_what_stands_on_a_day_or_rolls_is_not_summed_over_time() -> None:
    assert _counted("sip_established").denominator.sums_over_time
    assert not _counted("sip_active").denominator.sums_over_time
    assert not _counted("sip_school_gap").denominator.sums_over_time


def test_an_answer_is_a_part_of_all_answers_and_the_only_good_one_is_the_numerator() -> None:
    found = _counted("insight_in_agreements")
    assert found.good == ("large",)
    assert found.answer("answer", "large").numerator == found.numerator
    assert found.answer("answer", "small").denominator == found.denominator


def test_texts_and_targets_do_not_change_a_quantity() -> None:
    definition = catalogue().definitions["sip_lawful"]
    other = replace(definition, name="Något annat", targets=(), minimum_cases=99)
    assert counted(other, catalogue().facts) == counted(definition, catalogue().facts)
