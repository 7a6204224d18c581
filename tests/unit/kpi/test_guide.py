"""The controller's guide is true: its example validates, and it names every kind, key, fact and column it should."""

from __future__ import annotations

import re

from kpi.definition import Kind
from kpi.json_schema import definitions_schema, every_key
from kpi.loader import DefinitionError, read_catalogue
from tests.unit.kpi.test_invalid_definitions import BOARDS, FIXTURES, TODAY, heading
from warehouse.contract import ACTORS, DEVIATION_CATEGORIES
from warehouse.settings import ROOT

PAGE = (ROOT / "docs" / "sv" / "nyckeltal.md").read_text("utf-8")
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text("utf-8")
VALID = (ROOT / "tests" / "fixtures" / "definitions" / "valid.yaml").read_text("utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", PAGE))
WORDS = {word for code in CODE for word in re.findall(r"\w+", code)}


def examples() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def example() -> str:
    return examples()[0]


def test_the_pages_figure_validates_when_it_is_put_last_in_the_shipped_file() -> None:
    catalogue = read_catalogue(f"{SHIPPED}\n{example()}".encode(), "kpi_definitions.yaml", today=TODAY)
    new = catalogue.definitions["deviation_severe"]
    assert (new.kind, new.levels[-1]) == (Kind.RATIO, "board")
    assert "deviation_severe" not in read_catalogue(SHIPPED.encode(), "kpi_definitions.yaml").definitions


def test_the_pages_share_within_days_validates_beside_the_first() -> None:
    first, within = examples()
    catalogue = read_catalogue(f"{SHIPPED}\n{first}\n{within}".encode(), "kpi_definitions.yaml", today=TODAY)
    assert catalogue.definitions["sip_called_in_time"].parameters == (("call_days", 14),)
    assert catalogue.warnings == ()


def test_the_pages_narrower_numerator_validates_and_means_something_else() -> None:
    before, after = re.findall(r"(?m)^    (numerator: met_on .*?) +# (?:före|efter)$", PAGE)
    assert SHIPPED.count(f"{before}\n") == 1
    old = read_catalogue(SHIPPED.encode(), "f").definitions["sip_met_30d"]
    new = read_catalogue(SHIPPED.replace(before, after).encode(), "f").definitions["sip_met_30d"]
    assert old.definition_hash != new.definition_hash


def test_the_pages_pieces_fit_into_a_file() -> None:
    """The targets, the decision, the review and the retired id, each put where the page says."""
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```$", PAGE)
    targets, decision, review, retired = (
        next(block for block in blocks if word in block) for word in ("förslag", "dnr:", "checked_by:", "retired:")
    )
    old = VALID[VALID.index("    targets:") : VALID.index("  open_plans:")]
    proposed = VALID.replace(old, targets + "\n")
    decided = VALID.replace(old, targets[: targets.index("      - from: 2027")] + decision + "\n")
    gone = VALID[: VALID.index("retired:")] + retired
    for text in (proposed, decided, gone):
        read_catalogue(text.encode(), "f", boards=BOARDS, today=TODAY)
    lines = read_catalogue(decided.encode(), "f", today=TODAY).definitions["met_in_time"].targets
    assert [line.is_proposed for line in lines] == [True, False]
    checked = read_catalogue(VALID.replace("    next_review:", f"{review}    next_review:").encode(), "f", today=TODAY)
    assert "kontrollsumman är nu" in checked.warnings[0]


def test_every_kind_is_shown_with_two_lines_of_its_own() -> None:
    shown = re.findall(r"(?m)^\*\*(\w+)\*\* – .+:\n```\n((?:    .+\n)+)```", PAGE)
    assert [kind for kind, _ in shown] == [kind.value for kind in Kind]
    for kind, block in shown:
        first, second = block.splitlines()
        assert first == f"    kind: {kind}"
        [key] = re.findall(r"^    (\w+):", second)
        assert key in definitions_schema()["$defs"][{"rate_per": "rate"}.get(kind, kind)]["properties"]


def test_every_key_of_the_models_is_named_and_no_other() -> None:
    assert every_key() - WORDS == set()
    rows = re.findall(r"(?m)^\| ((?:`\w+`(?:, | med | \* |))+)(?:\* )?\|", PAGE[PAGE.index("## Alla nycklar") :])
    tables = PAGE[PAGE.index("### Varje nyckeltal") : PAGE.index("## Underlagen")]
    named = {word for row in re.findall(r"(?m)^\| (`.+?) \|", tables) for word in re.findall(r"`(\w+)`", row)}
    assert rows
    assert named - every_key() == set()
    required = set(definitions_schema()["$defs"]["ratio"]["required"]) - {"numerator"}
    starred = {word for row in re.findall(r"(?m)^\| (`[^|]+) \* \|", tables) for word in re.findall(r"`(\w+)`", row)}
    assert required <= starred


PLACES = {"municipality_code", "unit_code", "centre_code", "board_code", "sip_id"}


def test_every_fact_is_listed_with_every_column_and_its_codes() -> None:
    facts = read_catalogue(SHIPPED.encode(), "f").facts
    section = PAGE[PAGE.index("## Underlagen") : PAGE.index("## Felmeddelanden")]
    told = dict(re.findall(r"(?ms)^### `(\w+)`\n(.*?)(?=^###|\Z)", section))
    assert told.keys() == {name for name, fact in facts.items() if fact.unit}
    for name, text in told.items():
        rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.+) \|$", text))
        columns = dict(facts[name].columns)
        inherited = columns.keys() & dict(facts["plan"].columns).keys() if name == "plan_with_rounds" else set()
        assert rows.keys() | inherited | PLACES == columns.keys() | PLACES, name
        for column, meaning in rows.items():
            listed = set(re.findall(r"`(\w+)`", meaning)) - columns.keys()
            codes = columns[column].codes
            if set(codes) == set(ACTORS):
                assert "(#aktörernas-koder)" in meaning
            elif set(codes) == set(DEVIATION_CATEGORIES):
                assert "(#avvikelsernas-kategorier)" in meaning
            else:
                assert listed == set(codes), (name, column)
    assert all(f"`{name}`" in section for name in facts)
    lists = [set(re.findall(r"`(\w+)`", text)) for text in re.split(r"(?m)^### (?:Aktör|Avvikel).*$", section)[1:]]
    assert lists == [set(ACTORS), set(DEVIATION_CATEGORIES)]


def test_the_messages_that_are_explained_are_given() -> None:
    given = "\n".join(line for path in FIXTURES for line in heading(path)[1])
    section = PAGE[PAGE.index("| meddelandet säger") :]
    for told in re.findall(r"(?m)^\| ([^|]+) \| [^|]+\|$", section)[1:]:
        parts = [part for part in re.split(r"…|”[xy]”| x | / |\bx\b", told) if len(part.strip()) > 2]
        assert any(part.strip() in given or part.strip() in "jämför ett datum med ett tal" for part in parts), told


def test_the_language_table_is_the_language() -> None:
    """Each condition of the table that can stand by itself is accepted on the page's facts."""
    table = PAGE[PAGE.index("## Språket") : PAGE.index("## Alla slag")]
    whole = [code for code in re.findall(r"`([^`]+)`", table) if re.search(r" (=|<>|<=|is|in|<) ?", code)]
    tried = 0
    for code in whole:
        if "…" in code or re.search(r"\b[abc]\b", code):
            continue
        facts = ["plan", "follow_up", "participant", "answer"]
        tried += any(_validates(fact, code) for fact in facts)
    assert tried >= 8


def _validates(fact: str, condition: str) -> bool:
    text = SHIPPED.replace("    denominator: severity", "")
    figure = example().replace("fact: deviation", f"fact: {fact}").replace("severity is not null", condition)
    day = {"plan": "met_on", "follow_up": "agreed_on", "participant": "meeting_on", "answer": "answered_on"}[fact]
    figure = figure.replace("numerator: severity = high", f"numerator: {day} is null or {day} > '2024-01-01'")
    facts = text[: text.index("\nfigures:")] + "\nfigures:\n" + figure.replace("by: reported_on", f"by: {day}")
    try:
        read_catalogue(facts.encode(), "f")
    except DefinitionError as error:
        return all("används aldrig" in line for line in str(error).splitlines())
    return True
