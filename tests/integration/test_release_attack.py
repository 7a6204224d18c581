"""Everything that two boards release in a year, attacked by an outsider who shares nothing with the product."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from control.release.closing import close_period
from etl.run import load
from etl.simulate import simulate
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.disclosure.suppressed import Suppressed
from kpi.organisation import Organisation
from kpi.period import Period, PeriodType
from kpi.released import Numbers, ReleasedValue
from kpi.views.organisation import read_organisation
from kpi.views.released import released_values
from tests.builders.figures import catalogue as shipped
from tests.builders.outsider import (
    Truth,
    limits_of,
    narrowed,
    narrowed_when_only_small_counts_are_hidden,
    pieces,
    true_counts,
)
from warehouse.database import open_engine, reading
from warehouse.migrate import upgrade
from warehouse.settings import ROOT, Settings

pytestmark = pytest.mark.xdist_group("attack")  # one worker, so that the year is made once
UNTIL = date(2026, 1, 31)
FIGURES = (
    "sip_established", "sip_child_voice", "sip_active", "sip_absence_by_actor",
    "sip_absence_unannounced", "sip_mandate", "deviations_reported", "deviations_per_100_sip",
)  # fmt: skip


@dataclass(frozen=True)
class Year:
    """What has been released of 2025, and what is true."""

    catalogue: Catalogue
    organisation: Organisation
    released: list[ReleasedValue]
    truth: Truth


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Svedala: both boards have closed their tertials, in turn."""
    folder = tmp_path_factory.mktemp("attack")
    settings = Settings(data_dir=folder / "var", definitions=ROOT / "kpi_definitions.yaml")
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    simulate(folder / "files", municipalities=("1263",), months=18, seed=1, until=UNTIL)
    load(engine, settings, [folder / "files"], as_of=UNTIL)
    figures = {id_: shipped().definitions[id_] for id_ in FIGURES}
    catalogue = replace(shipped(), definitions=figures, source=b"")
    compute(engine, catalogue)
    for tertial in ("2025-T1", "2025-T2", "2025-T3"):
        for board in ("1263-SN", "1263-UN"):
            close_period(engine, catalogue, OPERATOR, board, Period.parse(tertial))
    with reading(engine) as connection:
        found = Year(
            catalogue,
            read_organisation(connection),
            released_values(connection, OPERATOR, catalogue.definitions.values()),
            true_counts(connection, catalogue, catalogue.definitions.values()),
        )
    engine.dispose()
    return found


@pytest.mark.parametrize("knows_the_empty", [True, False])
def test_no_hidden_count_is_narrowed(year: Year, knows_the_empty: bool) -> None:
    """By one who knows which units never have any row, and by one who does not."""
    read = year.released, year.catalogue, year.organisation, year.truth
    assert narrowed(*read, knows_of_figures=False, knows_the_empty=knows_the_empty) == []


def test_the_same_attack_narrows_counts_when_only_the_small_ones_are_hidden(year: Year) -> None:
    some = [one for one in year.released if one.kpi_id in ("sip_established", "sip_child_voice", "deviations_reported")]
    found = narrowed_when_only_small_counts_are_hidden(some, year.catalogue, year.organisation, year.truth)
    assert len(found) > 20
    assert any(one.low == one.high == one.count for one in found), "some are told exactly"


def test_what_is_shown_is_true_and_large_enough(year: Year) -> None:
    for one in year.released:
        if not isinstance(one.content, Numbers):
            continue
        counts = pieces(year.catalogue.definitions[one.kpi_id], one.content)
        for rows, count in counts.items():
            assert count == year.truth.of((rows, one.unit.code, one.period, one.split or ()))
        for rows, limit in limits_of(year.catalogue.definitions[one.kpi_id]).items():
            assert counts[rows] > limit


def test_something_is_shown_of_the_year(year: Year) -> None:
    shown = {
        one.kpi_id
        for one in year.released
        if one.period.type is PeriodType.YEAR and not isinstance(one.content, Suppressed)
    }
    assert {"sip_established", "deviations_reported"} <= shown
