"""What became of loaded files, told in Swedish: for the command line, the drop folder and the record of jobs."""

from __future__ import annotations

from collections.abc import Sequence

from etl.result import DatasetCounts, LoadResult

_NOT_IN = {"held": "väntar på beslut", "failed": "gick inte att läsa in", "refused": "avvisades"}
_KINDS = (
    ("inserted", "ny", "nya"),
    ("changed", "ändrad", "ändrade"),
    ("unchanged", "oförändrad", "oförändrade"),
    ("duplicate", "dubblett", "dubbletter"),
    ("rejected", "avvisad", "avvisade"),
    ("out_of_scope", "utanför uppdraget", "utanför uppdraget"),
    ("deleted", "borttagen", "borttagna"),
)


def is_not_in(results: Sequence[LoadResult]) -> bool:
    """Whether some file is held, failed or was refused: somebody has to act."""
    return any(result.status in _NOT_IN for result in results)


def describe_result(result: LoadResult) -> str:
    """One file's outcome, with a line for each dataset, rejected row and warning worth reading."""
    name = f"Leverans {result.delivery_id}, {result.file_name}" if result.delivery_id else result.file_name
    match result.status:
        case "loaded":
            first = f"{name}: inläst."
        case "unchanged":
            first = f"{name}: redan inläst, inget att göra."
        case "skipped":
            first = f"{name}: hoppas över. {result.reason or 'Ingen mappning känner igen filen.'}"
        case status:
            first = f"{name}: {_NOT_IN[status]}. {result.reason or ''}".rstrip()
    details = [_describe_counts(counts) for counts in result.counts if counts.read or counts.deleted]
    details += [f"Obs: {warning}" for warning in result.warnings]
    details += result.problems
    return "\n  ".join([first, *details])


def _describe_counts(counts: DatasetCounts) -> str:
    found = [(getattr(counts, name), one, more) for name, one, more in _KINDS]
    parts = [counted(number, one, more) for number, one, more in found if number]
    return f"{counts.dataset}: {counted(counts.read, 'rad läst', 'rader lästa')} ({', '.join(parts) or 'inga'})"


def counted(number: int, one: str, more: str) -> str:
    """The number with its word, in the right form: ”1 rad”, ”2 rader”."""
    return f"{number} {one if number == 1 else more}"


def summarise(results: Sequence[LoadResult]) -> str | None:
    """The outcome of a pick-up in one sentence; None when nothing came."""
    taken = [result for result in results if result.status != "skipped"]
    if not taken:
        return None
    loaded = sum(result.status in ("loaded", "unchanged") for result in taken)
    text = f"{loaded} av {counted(len(taken), 'fil inläst', 'filer inlästa')}."
    waiting = [f"{result.file_name} {_NOT_IN[result.status]}" for result in taken if result.status in _NOT_IN]
    return f"{text} {'; '.join(waiting)}." if waiting else text
