"""kpi_definitions.yaml → a typed catalogue, or every problem with its line and column in Swedish.

catalogue = load_catalogue(settings.definitions)
catalogue.definitions["sip_established"].name
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kpi.build_facts import build_fact, build_span, conditions_used
from kpi.build_figure import build_definition
from kpi.definition import Catalogue, Definition, Fact, Span
from kpi.schema import Document
from kpi.source import Path as KeyPath
from kpi.source import Problem, Source, SourceError
from kpi.tokens import suggestion
from warehouse.errors import UserError


class DefinitionError(UserError):
    """The definitions file holds errors; the message has one line per problem: `file:line:column: sentence`."""

    def __init__(self, file_name: str, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(
            "\n".join(f"{file_name}:{one.line}:{one.column}: {_sentence(one.message)}" for one in self.problems)
        )


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?")) else f"{message}."


class Report:
    """Collects the problems met while a file is built."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.problems: list[Problem] = []

    def add(self, path: KeyPath, message: str, offset: int | None = None) -> None:
        """A problem with the value at the path."""
        self.problems.append(self._source.problem(path, message, offset))


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of a definitions file; DefinitionError with every problem, also when the file is missing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DefinitionError(path.name, [Problem(1, 1, "filen finns inte eller går inte att läsa")]) from error
    return read_catalogue(data, path.name)


def read_catalogue(data: bytes, file_name: str) -> Catalogue:
    """As `load_catalogue`, from bytes."""
    try:
        source = Source.parse(data)
    except SourceError as error:
        raise DefinitionError(file_name, [error.problem]) from error
    document, problems = source.validate(Document)
    if document is None:
        raise DefinitionError(file_name, problems)
    report = Report(source)
    catalogue = _build(document, report)
    if report.problems:
        raise DefinitionError(file_name, report.problems)
    return catalogue


def _build(document: Document, report: Report) -> Catalogue:
    facts: dict[str, Fact] = {}
    for name, entry in document.facts.items():
        fact = build_fact(name, entry, facts, document.conditions, report)
        if fact is not None:
            facts[name] = fact
    spans: dict[str, Span] = {}
    for name, span_entry in document.spans.items():
        if span_entry.fact not in facts:
            _unknown_fact(("spans", name, "fact"), span_entry.fact, document.facts, report)
            continue
        span = build_span(name, span_entry, facts[span_entry.fact], document.conditions, report)
        if span is not None:
            spans[name] = span
    definitions: dict[str, Definition] = {}
    for id_, figure in document.figures.items():
        if figure.fact not in facts:
            _unknown_fact(("figures", id_, "fact"), figure.fact, document.facts, report)
            continue
        definition = build_definition(id_, figure, facts, spans, document.conditions, report)
        if definition is not None:
            definitions[id_] = definition
    if not report.problems:
        for name in document.conditions.keys() - conditions_used(document):
            report.add(("conditions", name), f"villkoret {name} används aldrig. Ta bort det eller använd det")
    return Catalogue(facts, spans, definitions)


def _unknown_fact(path: KeyPath, name: str, known: Mapping[str, object], report: Report) -> None:
    if name not in known:  # a fact that is there but faulty has been reported already
        report.add(path, f"underlaget ”{name}” finns inte bland facts.{suggestion(name, list(known))}", 0)
