"""Saving the definitions: by controllers, whole, with history, never over another's change; then they are computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.definition_history import figure_history
from control.definitions import (
    OUTSIDE,
    ConcurrentEdit,
    SaveRefused,
    changes_since_served,
    history,
    read_version,
    record_if_changed,
    save,
)
from dashboard.app import create_app
from dashboard.components.definition_editor import BASE_ID, RESULT_ID, TRY_ID
from dashboard.components.definition_versions import figure_versions
from etl.jobs import jobs_of
from kpi.access import AccessDenied, Grant, Role, Viewer
from kpi.backcast import backcast
from kpi.compute import compute
from kpi.diff import Sort
from kpi.live import LiveCatalogue, digest_of
from kpi.loader import DefinitionError, read_catalogue
from kpi.store import read_stored
from kpi.views.definitions import meaning_changes, preview
from tests.builders.dash_calls import LoginAs, post, words
from tests.builders.random_warehouse import deliveries
from tests.builders.rendered import told as rendered
from tests.builders.warehouse import deliver
from tests.spec.world import ORGANISATION, sip
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.settings import ROOT, Settings

SHIPPED = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
_WHOLE = SHIPPED[(_AT := SHIPPED.index("  sip_call_complete:")) : SHIPPED.index("\n\n", _AT)]
NARROWER = SHIPPED.replace(
    _WHOLE, _WHOLE.replace(" and question_stated\n", "\n", 1).replace("release_class: process", "release_class: person")
)
"""Another meaning, and so of the closest class."""
CONTROLLER = Viewer("Controller", (Grant(Role.CONTROLLER, "1287", frozenset({"soc"})),))
CHIEF = Viewer("Förvaltningschef", (Grant(Role.CHIEF, "1287", frozenset({"soc"})),))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "kpi_definitions.yaml"
    path.write_text(SHIPPED, encoding="utf-8")
    return Settings(data_dir=tmp_path / "var", definitions=path)


@pytest.fixture
def live(settings: Settings) -> LiveCatalogue:
    return LiveCatalogue(settings.definitions, settings.last_good_definitions)


def put(engine: Engine, live: LiveCatalogue, text: str, viewer: Viewer = CONTROLLER, **more: Any) -> None:
    given = {"began_with": digest_of(live.path.read_bytes()), "reason": "nämndens beslut"} | more
    save(engine, live, viewer, text, **given)


def test_a_saved_change_serves_and_is_remembered(engine: Engine, live: LiveCatalogue) -> None:
    put(engine, live, NARROWER)
    assert live.path.read_text(encoding="utf-8") == NARROWER
    with reading(engine) as connection:
        newest, first = history(connection)
        assert (newest.saved_by, newest.reason, newest.digest) == ("Controller", "nämndens beslut", live.state().digest)
        assert (first.saved_by, read_version(connection, first.version_no)) == (OUTSIDE, SHIPPED)
        assert read_version(connection, newest.version_no) == NARROWER
        event = connection.execute(select(audit_event).order_by(audit_event.c.event_no.desc()).limit(1)).one()
        told = event.action, event.municipality_code, "municipalities" in event.details
        assert told == ("definitions_saved", None, False), "it serves every municipality"


def test_a_figure_knows_which_versions_changed_it_and_how(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    renamed = SHIPPED.replace("name: Aktiva SIP", "name: Gällande SIP", 1)
    put(sqlite_engine, live, renamed)
    of_fact = renamed.replace("      caller: [calling_actor, initiator_actor]", "      caller: [calling_actor]", 1)
    record_if_changed(sqlite_engine, of_fact.encode())
    with reading(sqlite_engine) as connection:
        found = figure_history(connection, CHIEF, "sip_active")
        again = figure_history(connection, CHIEF, "sip_active")
        other = figure_history(connection, CHIEF, "agreements_valid")
        with pytest.raises(AccessDenied):
            figure_history(connection, Viewer("Ingen", ()), "sip_active")
    assert again == found
    why = [one.version.reason for one in found]
    assert why == ["Ändrad utanför Samkoll", "nämndens beslut", "Första kända versionen"]
    told = [[(one.sort, one.label) for one in version.changes or ()] for version in found]
    assert told == [[(Sort.MEANING, "underlaget plan")], [(Sort.TEXT, "namn")], []]
    assert [one.version.version_no for one in other] == [1]
    shown = rendered(figure_versions(found))
    assert "Definitionens historik (tre versioner)" in shown
    assert "nämndens beslut Av: Controller Text, namn: före ”Aktiva SIP vid periodens slut”, efter ”Gällande" in shown


def test_others_than_controllers_save_nothing(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    with pytest.raises(AccessDenied):
        put(sqlite_engine, live, NARROWER, CHIEF)
    assert live.path.read_text(encoding="utf-8") == SHIPPED


def test_a_change_is_never_lost_to_another(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    began = digest_of(live.path.read_bytes())
    theirs = SHIPPED.replace("name: Aktiva SIP", "name: Gällande SIP", 1)
    put(sqlite_engine, live, theirs)
    with pytest.raises(ConcurrentEdit) as refused:
        put(sqlite_engine, live, NARROWER, began_with=began)
    assert (refused.value.theirs, refused.value.ours) == (theirs, NARROWER)
    assert "-    name: Gällande SIP vid periodens slut" in refused.value.difference
    assert "+    numerator: purpose_stated" in refused.value.difference
    assert live.path.read_text(encoding="utf-8") == theirs


def test_what_does_not_hold_is_not_saved(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    for text, error in (
        (SHIPPED.replace("    span: active", "    span: aktiv", 1), DefinitionError),
        (SHIPPED[: SHIPPED.index("  youth_influence:")], SaveRefused),
    ):
        with pytest.raises(error):
            put(sqlite_engine, live, text)
    with pytest.raises(UserError, match="Skriv varför"):
        put(sqlite_engine, live, NARROWER, reason="  ")
    assert live.path.read_text(encoding="utf-8") == SHIPPED
    with reading(sqlite_engine) as connection:
        assert history(connection) == ()


def test_a_target_of_an_unknown_board_is_told(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    text = SHIPPED.replace("        at_least: 0.95\n", "        at_least: 0.95\n        board: 1287-SM\n", 1)
    with pytest.raises(DefinitionError, match="Menade du ”1287-SN”"):
        put(sqlite_engine, live, text, boards={"1287-SN": "1287"})


def test_a_file_changed_by_hand_is_recorded_once(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    assert record_if_changed(sqlite_engine, live.state().data)
    assert not record_if_changed(sqlite_engine, live.state().data)
    live.path.write_text(NARROWER, encoding="utf-8")
    assert record_if_changed(sqlite_engine, live.state().data)
    with reading(sqlite_engine) as connection:
        assert [one.reason for one in history(connection)] == ["Ändrad utanför Samkoll", "Första kända versionen"]


def test_the_scheduler_computes_a_changed_figure_alone_and_marks_it(engine: Engine, settings: Settings) -> None:
    rows = [sip(f"s{at}", called_on="2024-01-10", purpose_stated=True, question_stated=at == 0) for at in range(4)]
    deliver(engine, "2024-03-31", org_units=ORGANISATION, sips=rows)
    job = next(one for one in jobs_of(engine, settings) if one.name == "compute")
    steps: list[str] = []
    job.work(lambda step, _done, _total: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["Läser", "Räknar", "Summerar", "Sparar"]
    settings.definitions.write_text(NARROWER, encoding="utf-8")
    before = job.due_slot
    assert job.work(None) is not None
    assert before is not None
    with reading(engine) as connection:
        stored = read_stored(connection, "sip_call_complete")
        assert stored["norr", 202401, ""][1:3] == (4, 4)
        assert len(meaning_changes(connection, "sip_call_complete")) == 1
        assert meaning_changes(connection, "sip_active") == ()
    assert job.work(None) is None, "nothing is due any more"


def test_the_scheduler_goes_on_with_a_broken_file(sqlite_engine: Engine, settings: Settings) -> None:
    deliver(sqlite_engine, "2024-03-31", org_units=ORGANISATION, sips=[sip("a", met_on="2024-01-10")])
    job = next(one for one in jobs_of(sqlite_engine, settings) if one.name == "compute")
    job.work(None)
    settings.definitions.write_text("figures: [", encoding="utf-8")
    deliver(sqlite_engine, "2024-04-30", sips=[sip("b", met_on="2024-04-10")])
    assert "Definitionsfilen har fel" in (job.work(None) or "")
    with reading(sqlite_engine) as connection:
        assert read_stored(connection, "sip_established")["norr", 202404, ""][1] == 1


def test_a_backcast_is_what_would_be_stored(engine: Engine) -> None:
    for _ in deliveries(engine, 5, 3):
        pass
    old, new = (read_catalogue(text.encode(), "kpi_definitions.yaml") for text in (SHIPPED, NARROWER))
    found = backcast(engine, old, new, "sip_call_complete", months=36)
    for catalogue, side in ((old, "before"), (new, "after")):
        compute(engine, catalogue, full=True)
        with reading(engine) as connection:
            stored = read_stored(connection, "sip_call_complete")
        shown = {
            (one.unit_code, one.period.code, ""): (cell.numerator, cell.denominator, cell.cases, cell.value)
            for one in found.pairs
            if (cell := getattr(one, side)) is not None
        }
        assert shown == {key: cell[1:] for key, cell in stored.items()}
    assert any(one.is_changed for one in found.pairs)


def test_a_decided_target_that_would_be_missed_is_named(sqlite_engine: Engine) -> None:
    rows = [sip(f"s{at}", called_on="2024-01-10", purpose_stated=at > 4, question_stated=at < 60) for at in range(120)]
    rows.append(sip("later", called_on="2024-02-10", purpose_stated=True, question_stated=True))  # judged with January
    deliver(sqlite_engine, "2024-03-31", org_units=ORGANISATION, sips=rows)
    decision = "        decision:\n          date: 2024-01-01\n          paragraph: § 1\n          dnr: SN 1\n"
    target = "        at_least: 0.95\n        near: 0.05\n"
    old = read_catalogue(NARROWER.replace(target, target + decision, 1).encode(), "x")
    new = read_catalogue(SHIPPED.replace(target, target + decision, 1).encode(), "x")
    missed = backcast(sqlite_engine, old, new, "sip_call_complete").newly_missed
    assert {(one.unit_code, str(one.period)) for one in missed} == {
        (unit, month) for unit in ("norr", "soc", "trelleborg", "skåne") for month in ("2024-01", "2024-02")
    }
    mine = preview(sqlite_engine, old, new, CONTROLLER, "sip_call_complete")
    assert {one.unit_code for one in mine.pairs} == {"norr", "soc"}, "nothing above the own board"
    with pytest.raises(AccessDenied):
        preview(sqlite_engine, old, new, CHIEF, "sip_call_complete")


def test_a_definition_under_trial_opens_no_door(sqlite_engine: Engine) -> None:
    """It says itself whose area it has; the viewer still sees the own board alone."""
    rows = [sip(f"ours{at}", called_on="2024-01-10", **_complete(at < 5)) for at in range(10)]
    rows += [sip(f"theirs{at}", called_on="2024-01-10", unit_code="skolan", **_complete(at < 5)) for at in range(10)]
    deliver(sqlite_engine, "2024-03-31", org_units=ORGANISATION, sips=rows)
    at = SHIPPED.index("  sip_call_complete:")
    opened = SHIPPED[:at] + SHIPPED[at:].replace("areas: [social]", "areas: [education]", 1)
    old, new = (read_catalogue(text.encode(), "x") for text in (SHIPPED, opened))
    found = preview(sqlite_engine, old, new, CONTROLLER, "sip_call_complete")
    assert {one.unit_code for one in found.pairs} == {"norr", "soc"}


def test_an_id_with_stored_values_is_not_taken_up_by_another_meaning(engine: Engine, live: LiveCatalogue) -> None:
    deliver(engine, "2024-02-29", org_units=ORGANISATION, sips=[sip("a", met_on="2024-01-15")])
    compute(engine, live.state().catalogue)
    record_if_changed(engine, SHIPPED.encode())
    begins, ends = SHIPPED.index("  sip_established:"), SHIPPED.index("  sip_per_1000:")
    forgotten = SHIPPED[:begins] + SHIPPED[ends:]
    record_if_changed(engine, forgotten.encode())  # by hand, and without a word under retired
    live.path.write_text(forgotten, encoding="utf-8")
    again = forgotten.replace("figures:\n", "figures:\n" + SHIPPED[begins:ends], 1)
    assert changes_since_served(engine, read_catalogue(again.encode(), "f")) == (), "what it meant before"
    other = again.replace("    where: established\n", "    where: consent = given\n", 1)
    [sentence] = changes_since_served(engine, read_catalogue(other.encode(), "f"))
    assert "sip_established har varit ett annat nyckeltal" in sentence
    with pytest.raises(SaveRefused, match="har varit ett annat nyckeltal"):
        put(engine, live, other)


def test_a_copy_with_fewer_areas_is_not_saved_by_the_page_but_may_stand_in_the_file(
    engine: Engine, live: LiveCatalogue
) -> None:
    begins = SHIPPED.index("  deviations_reported:")
    whole = SHIPPED[begins : SHIPPED.index("\n\n", begins)]
    copied = whole.replace("deviations_reported:", "mine:", 1).replace("name: ", "name: Egna ", 1)
    text = SHIPPED.replace(whole, f"{whole}\n\n{copied.replace('[social, education]', '[social]', 1)}", 1)
    record_if_changed(engine, SHIPPED.encode())
    with pytest.raises(SaveRefused, match=r"\(mine\): areas: \[social\]"):
        put(engine, live, text)
    assert live.path.read_text(encoding="utf-8") == SHIPPED
    assert changes_since_served(engine, read_catalogue(text.encode(), "f")) == (), "the operator's own edit"


def test_what_a_board_has_closed_is_not_opened_under_a_new_id(sqlite_engine: Engine, live: LiveCatalogue) -> None:
    begins = SHIPPED.index("  sip_child_voice:")
    whole = SHIPPED[begins : SHIPPED.index("\n\n", begins)]
    copied = whole.replace("sip_child_voice:", "voiceless:", 1).replace("name: ", "name: Utan ", 1)
    opened = copied.replace("release_class: person", "release_class: process", 1)
    with pytest.raises(SaveRefused, match=r"\(voiceless\): release_class: process"):
        put(sqlite_engine, live, SHIPPED.replace(whole, f"{whole}\n\n{opened}", 1))
    assert live.path.read_text(encoding="utf-8") == SHIPPED
    closed = SHIPPED.replace(whole, f"{whole}\n\n{copied}", 1)
    put(sqlite_engine, live, closed)
    assert live.path.read_text(encoding="utf-8") == closed


def _complete(is_so: bool) -> dict[str, bool]:
    return {"purpose_stated": is_so, "question_stated": is_so}


def _deliver_children(engine: Engine) -> None:
    """A child a day of August, called complete up to the 20th."""
    rows = [
        sip(f"s{at}", called_on="2024-01-10", birth_date=f"2015-08-{at:02}", **_complete(at <= 20))
        for at in range(1, 31)
    ]
    deliver(engine, "2024-03-31", org_units=ORGANISATION, sips=rows)


def test_a_trial_answers_about_one_child_neither_in_the_numerator_nor_by_difference(sqlite_engine: Engine) -> None:
    _deliver_children(sqlite_engine)
    old, whole = read_catalogue(SHIPPED.encode(), "x"), "    numerator: purpose_stated and question_stated\n"
    one, six = "birth_date = '2015-08-08'", "birth_date <= '2015-08-06'"
    cases = {
        f"    numerator: {one}\n": {(False, True)},
        "    numerator: birth_date = '2016-01-01'\n": {(False, True)},
        f"    numerator: purpose_stated and not ({one})\n": set(),
        f"    denominator: not ({six})\n{whole}": set(),  # the six left out are all complete
        f"    numerator: purpose_stated and not ({six})\n": {(True, True)},
    }
    for changed, expected in cases.items():
        text = SHIPPED.replace(_WHOLE, _WHOLE.replace(whole, changed, 1), 1)
        found = preview(sqlite_engine, old, read_catalogue(text.encode(), "x"), CONTROLLER, "sip_call_complete")
        assert {(pair.after is not None, pair.before is not None) for pair in found.pairs} == expected, changed


def test_a_trial_of_a_single_child_shows_nothing_and_the_log_says_what_was_asked(
    sqlite_engine: Engine, settings: Settings
) -> None:
    _deliver_children(sqlite_engine)
    asked = "birth_date = '2015-08-08'"
    whole = _WHOLE.replace("name: ", "name: Ett ", 1)
    narrow = whole.replace("_complete:", "_one:", 1).replace(
        "    numerator:", f"    denominator: {asked}\n    numerator:"
    )
    app = create_app(sqlite_engine, settings, login=LoginAs(CONTROLLER))
    key = next(key for key in app.server.config["SAMKOLL_CALLBACKS"] if RESULT_ID in key and BASE_ID in key)
    base = {"digest": digest_of(settings.definitions.read_bytes()), "part": "+"}
    pressed = {"changedPropIds": [f"{TRY_ID}.n_clicks"]}
    shown = []
    for text in (narrow, whole.replace("_complete:", "_two:", 1)):
        answer = post(app.server.test_client(), key, [1, None], [text, "", base], **pressed)
        shown.append(words(answer.json["response"][RESULT_ID]["children"]))
    few, enough = shown
    assert "0 av 0 värden" in few
    assert "2 av 2 värden" in enough
    assert "visas inte när det bygger på för få fall" in enough
    with reading(sqlite_engine) as connection:
        table = audit_event.c
        events = connection.execute(select(table.details).where(table.action == "definitions_previewed")).all()
    assert [asked in str(event.details["meaning"]) for event in events] == [True, False]
