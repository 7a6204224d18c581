"""Every code that a page may show has a Swedish word."""

import re

from dashboard import texts
from etl.jobs import jobs_of
from kpi.definition import Definition, Kind
from tests.builders.figures import catalogue
from warehouse.contract import ACTORS, DATASETS, LEVELS
from warehouse.database import open_engine
from warehouse.settings import ROOT, Settings
from warehouse.tables import delivery, job_request, job_run


def test_contract_codes() -> None:
    assert set(texts.ACTORS) == set(ACTORS)
    assert set(texts.DATASETS) == set(DATASETS)
    assert set(texts.LEVELS) == set(LEVELS)


def test_definitions() -> None:
    definitions: list[Definition] = list(catalogue().definitions.values())
    for definition in definitions:
        assert definition.control in texts.CONTROLS
        assert definition.release_class in texts.RELEASE_CLASSES
        assert definition.release_class in texts.RELEASE_MEANINGS
        assert definition.direction in texts.DIRECTIONS
        assert definition.audit_question in texts.AUDIT_QUESTIONS
        assert {name for name, _ in definition.parameters} <= set(texts.PARAMETERS)
        assert set(definition.split) <= set(texts.SPLITS)


def test_every_value_that_a_figure_is_split_by_has_a_word() -> None:
    of_one_dataset = ("training subject", "survey_answers answer", "sip_activities principal", "assessments about",
                      "assessments assessor", "action_effects effect")  # fmt: skip
    for dataset, column in (one.split() for one in of_one_dataset):
        assert set(texts.PARTS[column]) == set(DATASETS[dataset].field(column).codes)
    assert set(texts.PARTS["goal_attainment"]) | {"not_assessed"} == set(
        DATASETS["sips"].field("goal_attainment").codes
    )
    definitions = catalogue().definitions.values()
    assert {one.id for one in definitions if one.kind is Kind.GAP} == set(texts.GAPS) == set(texts.GAP_CASES)
    assert set(texts.PART_HEADINGS) <= set(catalogue().definitions)


def test_jobs_and_states() -> None:
    jobs = jobs_of(open_engine("sqlite:///:memory:"), Settings())
    assert {job.name for job in jobs} == set(texts.JOBS)
    assert _allowed(job_run, "state_known") == set(texts.JOB_STATES)
    assert _allowed(job_request, "state_known") == set(texts.REQUEST_STATES)
    assert _allowed(job_request, "kind_known") == set(texts.REQUEST_KINDS)
    assert _allowed(delivery, "status_known") == set(texts.DELIVERY_STATES)


def _allowed(table: object, constraint: str) -> set[str]:
    found = next(one for one in table.constraints if str(one.name).endswith(constraint))  # type: ignore[attr-defined]
    return set(str(found.sqltext).split("'")[1::2])


def test_every_step_that_long_work_tells_has_words() -> None:
    told = set()
    for folder in ("etl", "kpi", "control"):
        for path in (ROOT / folder).rglob("*.py"):
            told |= set(re.findall(r'progress(?:\(|, )"([^"]+)"', path.read_text(encoding="utf-8")))
    assert told - {"Simulerar"} == set(texts.STEPS), "the simulation is the command line's"
