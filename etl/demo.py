"""`samkoll demo`: simulated deliveries in a warehouse of their own, loaded and computed. A second run reuses them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from control.audit.event import START
from control.audit.log import head
from control.release.closing import close_period
from control.release.exporting import export_release
from control.release.importing import import_release
from control.release.signing import load_signing_key
from control.release.store import closings
from etl.demo_log import write_demo_log
from etl.run import is_known_file, load, resume
from etl.simulate import simulate
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.live import digest_of, replace_file
from kpi.loader import load_catalogue
from kpi.period import Period, PeriodType, periods_between
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.package_tables import imported_release
from warehouse.settings import ROOT, Settings
from warehouse.tables import delivery

MUNICIPALITIES = ("1287", "1263", "1233")
MONTHS = 36
SEED = 1
CLOSED = {"1287-SN": 5, "1287-UN": 3, "1263-SN": 3, "1233-SN": 1}
"""Boards, and how many of their latest tertials are closed: a whole year of Trelleborg's and Svedala's, so that they
can be compared, and of Vellinge's too little for it."""
RECEIVER = MUNICIPALITIES[0]
PACKAGES = "paket"
"""The folder that the packages are sent through."""
SHIPPED = ROOT / "kpi_definitions.yaml"

Progress = Callable[[str, int, int], None]


def own_definitions(settings: Settings) -> Path:
    """The demo's own copy of the shipped definitions, so that trying the editor changes nothing in the product. A copy
    that nobody has edited follows the shipped file; an installation's own file is used as it is."""
    if settings.definitions != SHIPPED:
        return settings.definitions
    copy, mark = settings.data_dir / SHIPPED.name, settings.data_dir / f".{SHIPPED.name}.shipped"
    shipped = SHIPPED.read_bytes()
    is_edited = copy.exists() and mark.exists() and mark.read_text(encoding="ascii") != digest_of(copy.read_bytes())
    if not is_edited:
        replace_file(copy, shipped)
        mark.write_text(digest_of(shipped), encoding="ascii")
    return copy


def prepare_demo(engine: Engine, settings: Settings, *, progress: Progress | None = None) -> None:
    """Everything that the demo shows. UserError when the warehouse holds somebody's own deliveries."""
    folder = settings.data_dir / "demo"
    _check_nothing_else_is_loaded(engine, folder)
    if not folder.is_dir():
        _simulate_whole(folder, progress)
    resume(engine, settings)
    waiting = _not_yet_loaded(engine, folder)
    if waiting:
        load(engine, settings, waiting, progress=progress)
    with reading(engine) as connection:
        is_logged = head(connection) != START
    if not is_logged:
        write_demo_log(engine, seed=SEED)
    catalogue = load_catalogue(settings.definitions)
    compute(engine, catalogue, progress=progress)
    _close_periods(engine, catalogue, progress)
    _exchange_packages(engine, settings, catalogue)


def _close_periods(engine: Engine, catalogue: Catalogue, progress: Progress | None) -> None:
    """The tertials that have ended, so that there is something released to compare: a whole year of the first board."""
    with reading(engine) as connection:
        reach = connection.execute(select(func.max(delivery.c.as_of))).scalar_one()
        newest = Period.containing(reach + timedelta(days=1), PeriodType.TERTIAL).shift(-1)
        done = {(one.header.board_code, one.header.period) for one in closings(connection)}
    for board, count in CLOSED.items():
        for period in periods_between(newest.shift(1 - count), newest):
            if (board, period) not in done:
                close_period(engine, catalogue, OPERATOR, board, period, progress=progress)


def _exchange_packages(engine: Engine, settings: Settings, catalogue: Catalogue) -> None:
    """What the others have released, sent to the first municipality as between installations: made, signed, written to
    a file, proven and read in. A package is made anew only when more has been closed since."""
    with reading(engine) as connection:
        told = closings(connection)
        held = dict(
            connection.execute(
                select(imported_release.c.municipality_code, imported_release.c.exported_at).where(
                    imported_release.c.for_municipality == RECEIVER, ~imported_release.c.is_superseded
                )
            ).all()
        )
    folder = settings.data_dir / PACKAGES
    folder.mkdir(parents=True, exist_ok=True)
    key = load_signing_key(settings)
    for code in MUNICIPALITIES[1:]:
        newest = max(clock.utc(one.header.closed_at) for one in told if one.header.municipality_code == code)
        if code in held and clock.utc(held[code]) >= newest.replace(microsecond=0):
            continue
        made = export_release(engine, catalogue, OPERATOR, code, key)
        path = folder / made.file_name
        path.write_bytes(made.content)
        import_release(engine, OPERATOR, path.read_bytes(), path.name, {code: key.public}, for_municipality=RECEIVER)


def _simulate_whole(folder: Path, progress: Progress | None) -> None:
    """Write beside and rename: a run that was broken off leaves no half folder to be reused."""
    unfinished = folder.with_name("demo.part")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    simulate(unfinished, municipalities=MUNICIPALITIES, months=MONTHS, seed=SEED, held=True, progress=progress)
    unfinished.rename(folder)


def _loaded_names(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.scalars(select(delivery.c.file_name).distinct()))


def _not_yet_loaded(engine: Engine, folder: Path) -> list[Path]:
    loaded = _loaded_names(engine)
    return [path for path in sorted(folder.iterdir()) if is_known_file(path) and path.name not in loaded]


def _check_nothing_else_is_loaded(engine: Engine, folder: Path) -> None:
    ours = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if foreign := sorted(_loaded_names(engine) - ours):
        raise UserError(
            f"Databasen innehåller redan leveranser som inte hör till demonstrationen, till exempel {foreign[0]}. "
            "Påhittade data blandas inte med dem: sätt SAMKOLL_DATA_DIR till en egen mapp för demonstrationen."
        )
