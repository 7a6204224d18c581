"""What a package of released figures holds, as strict types: foreign input until every field has been looked at."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kpi.period import Period

FORMAT: Final = "samkoll-release"
VERSION: Final = 1
MOST_VALUES = 500_000
_MOST_OF_ANYTHING = 10_000
_IDENTITY_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)")


def _plain(text: str) -> str:
    """Nothing that is not seen: no control, direction or joining marks, no halves of characters."""
    if any(unicodedata.category(one).startswith("C") for one in text) or text != text.strip():
        raise ValueError("plain")
    return text


def _nobodys(text: str) -> str:
    if _IDENTITY_NUMBER.search(text):
        raise ValueError("identity")
    return text


def _unmarked(text: str) -> str:
    """Nothing that a chart's labels could take for markup."""
    if "<" in text or ">" in text:
        raise ValueError("markup")
    return text


def _period(text: str) -> str:
    period = Period.parse(text)
    if str(period) != text or not 2000 <= period.year <= 2100:
        raise ValueError("period")
    return text


Code = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_plain)]
Title = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_plain), AfterValidator(_nobodys)
]
Name = Annotated[Title, AfterValidator(_unmarked)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PeriodText = Annotated[str, StringConstraints(max_length=8), AfterValidator(_period)]
SplitText = Annotated[
    str,
    StringConstraints(max_length=400, pattern=r"^[a-z_]{1,40}=[^;=]{0,80}(;[a-z_]{1,40}=[^;=]{0,80})*$"),
    AfterValidator(_plain),
    AfterValidator(_nobodys),
]
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Number = Annotated[float, Field(ge=-1e12, le=1e12)]
Count = Annotated[float, Field(ge=0, le=1e12)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Municipality(_Strict):
    """Whose figures they are."""

    code: MunicipalityCode
    name: Name


class Place(_Strict):
    """A place that a value belongs to, by its name in the latest period."""

    code: Code
    name: Name
    level: Literal["municipality", "board", "administration", "unit"]
    area: Literal["social", "education"] | None = None


class Closing(_Strict):
    """A closing or correction behind the values; the hashes are those of the sender's minutes."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    board: Code
    period: PeriodText
    revision: Annotated[int, Field(ge=0, le=9999)]
    closed_at: AwareDatetime
    content_hash: Hash
    previous_hash: Hash


class Value(_Strict):
    """A released value: its numbers, or that it is suppressed. `release`: the closing or correction it comes from."""

    unit: Code
    period: PeriodText
    split: SplitText | None = None
    release: int
    suppressed: Literal[True] | None = None
    numerator: Count | None = None
    denominator: Count | None = None
    value: Number | None = None
    cases: Annotated[int, Field(ge=0, le=2**53)] | None = None


class Figure(_Strict):
    """A figure as its sender defines it. `meaning`: the definition's hash; None where the values were released by a
    definition that the sender no longer knows."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    name: Title
    unit: Literal["count", "percent", "per_100", "per_1000", "days", "points", "percent_as_given", "level", "answer"]
    shape: Literal["count", "share", "rate", "gap", "number"]
    decimals: Annotated[int, Field(ge=0, le=4)]
    per: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    meaning: Hash | None = None
    values: Annotated[tuple[Value, ...], Field(min_length=1, max_length=MOST_VALUES)]


class Payload(_Strict):
    """Everything that is signed."""

    format: Literal["samkoll-release"]
    version: Literal[1]
    municipality: Municipality
    exported_at: AwareDatetime
    is_synthetic: bool
    releases: Annotated[tuple[Closing, ...], Field(min_length=1, max_length=_MOST_OF_ANYTHING)]
    places: Annotated[tuple[Place, ...], Field(min_length=1, max_length=_MOST_OF_ANYTHING)]
    figures: Annotated[tuple[Figure, ...], Field(min_length=1, max_length=_MOST_OF_ANYTHING)]
