"""From what the identity provider says of somebody to what they may do here. Pure: deny unless the settings map it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from control.login.secret import hash_of
from kpi.access import OPERATOR, Grant, Role, Viewer
from warehouse.errors import UserError
from warehouse.identity.mask import mask_numbers
from warehouse.identity.spelling import SEPARATORS
from warehouse.login_settings import GrantSetting, LoginSettings

LABEL_LENGTH, TAG_LENGTH = 80, 12
_BY_THE_COMMAND_LINE_ONLY = frozenset({Role.OPERATOR})
_IDENTITY_NUMBER = re.compile(rf"(?<!\d)(?:\d{{2}})?\d{{6}}[{re.escape(SEPARATORS)}]{{0,3}}\d{{4}}(?!\d)")
"""More than `mask_numbers` takes: a name needs no such digits, whatever their date and check digit."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_PRINTED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
)
"""Controls, and signs that show nothing."""
_OWN_NAMES = frozenset({OPERATOR.user, "okänd", "schemaläggaren", "filen på disk", "token"})
"""What the log calls nobody, the program itself and, with a name after it, a service token."""


class LoginRefused(Exception):
    """The provider let them in, Samkoll does not. The message is a Swedish sentence for the reader; `reason` is a word
    for the log."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True)
class Person:
    """Somebody whom the provider vouches for. `subject_hash`: who it is for good; `label`: what they are called."""

    subject_hash: str
    label: str
    grants: tuple[Grant, ...]

    @property
    def viewer(self) -> Viewer:
        """Them as a reader."""
        return Viewer(self.label, self.grants, self.subject_hash[:TAG_LENGTH])


def parse_role(name: str, place: str) -> Role:
    """The role of that name; UserError names the place where it stands and the names there are."""
    roles = {role.value: role for role in Role if role not in _BY_THE_COMMAND_LINE_ONLY}
    if name not in roles:
        raise UserError(f"{place}: rollen ”{name}” finns inte. De som finns är: {', '.join(sorted(roles))}.")
    return roles[name]


def grants_by_claim(settings: LoginSettings) -> dict[str, tuple[Grant, ...]]:
    """What each claim value gives. UserError for a role that does not exist, and when nothing is mapped at all."""
    if not settings.grants:
        raise UserError(
            "[login] i inställningsfilen har ingen [[login.grants]], så ingen skulle komma in. Lägg till en för varje "
            "grupp: claim_value, role, municipality och oftast boards."
        )
    found: dict[str, tuple[Grant, ...]] = {}
    for number, entry in enumerate(settings.grants, 1):
        found[entry.claim_value] = (*found.get(entry.claim_value, ()), _grant(entry, number))
    return found


def _grant(entry: GrantSetting, number: int) -> Grant:
    role = parse_role(entry.role, f"[[login.grants]] nummer {number} (claim_value ”{entry.claim_value}”)")
    return Grant(role, entry.municipality, frozenset(entry.boards), frozenset(entry.units), frozenset(entry.branches))


def person_of(claims: Mapping[str, Any], settings: LoginSettings) -> Person:
    """Whom verified claims describe. LoginRefused when a claim is missing, or no group of theirs is mapped."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise LoginRefused("no subject", "Inloggningstjänsten sa inte vem du är. Försök igen om en stund.")
    label = _label(claims.get(settings.user_claim), subject)
    mapped = grants_by_claim(settings)
    groups = _groups(claims, settings.groups_claim)
    grants = tuple(dict.fromkeys(grant for group in groups for grant in mapped.get(group, ())))
    if not grants:
        raise LoginRefused(
            "no mapped group",
            "Du är inloggad hos kommunen, men ingen av dina grupper ger behörighet i Samkoll. Vänd dig till den som "
            "sköter behörigheter till Samkoll i din kommun och säg vilken nämnd du arbetar för och i vilken roll.",
        )
    for_good = label if _holds_identity_number(subject) else subject  # a number's hash is as good as the number
    return Person(hash_of(f"{claims.get('iss', '')} {for_good}"), label, grants)


def _holds_identity_number(text: str) -> bool:
    if _UUID.fullmatch(text):
        return False
    return _IDENTITY_NUMBER.search(text) is not None or mask_numbers(text) != text


def _label(claimed: object, subject: str) -> str:
    """Identity numbers are never kept, and a label is: a provider that calls people by them must be set up anew."""
    label = (_shown(claimed) if isinstance(claimed, str) else "") or _shown(subject)
    if not label:
        raise LoginRefused("no user name", "Inloggningstjänsten sa inte vem du är. Försök igen om en stund.")
    if _holds_identity_number(label):
        raise LoginRefused(
            "identity number as user name",
            "Inloggningstjänsten kallar dig vid ditt personnummer, och sådana sparas aldrig i Samkoll. Be den som "
            "sköter inloggningen att låta den lämna ett användarnamn i stället (inställningen user_claim).",
        )
    plain = label.casefold()
    if plain in _OWN_NAMES or plain.startswith("token "):
        raise LoginRefused(
            "user name of Samkoll's own",
            "Inloggningstjänsten kallar dig vid ett namn som är Samkolls eget. Be den som sköter inloggningen "
            "att låta den lämna ett annat användarnamn (inställningen user_claim).",
        )
    return label[:LABEL_LENGTH]


def _shown(text: str) -> str:
    """A name in its plainest signs, without what shows nothing."""
    return " ".join(_NOT_PRINTED.sub(" ", unicodedata.normalize("NFKC", text)).split())


def _groups(claims: Mapping[str, Any], path: str) -> Sequence[str]:
    """The claim's values: texts, or one text. LoginRefused when the claim is absent or left out for its size."""
    found = _at(claims, path)
    if found is None and (_is_left_out(claims, path) or claims.get("hasgroups")):
        raise LoginRefused(
            "too many groups",
            "Du är med i så många grupper att inloggningstjänsten inte räknade upp dem. Be den som sköter inloggningen "
            "att bara lämna de grupper som är kopplade till Samkoll (Entra ID: ”Groups assigned to the application”).",
        )
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list):
        raise LoginRefused(
            "no groups claim",
            "Inloggningstjänsten sa inte vilka grupper du är med i, så Samkoll vet inte vad du får se. Be den som "
            f"sköter inloggningen att låta den lämna uppgiften ”{path}” i id-token.",
        )
    return [value for value in found if isinstance(value, str)]


def _at(claims: Mapping[str, Any], path: str) -> object:
    """A claim by its name, which may itself hold dots (as addresses do), else by the path."""
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _is_left_out(claims: Mapping[str, Any], path: str) -> bool:
    names = claims.get("_claim_names")
    return isinstance(names, Mapping) and path in names


def municipalities_of(grants: Iterable[Grant]) -> frozenset[str]:
    """Whose log an event about a user or token belongs to."""
    return frozenset(one.municipality_code for one in grants)


def as_rows(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """Grants as the warehouse keeps them, in JSON."""
    return [
        {
            "role": one.role.value,
            "municipality": one.municipality_code,
            "boards": sorted(one.boards),
            "units": sorted(one.units),
            "branches": sorted(one.branches),
        }
        for one in grants
    ]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Grant, ...]:
    """As `as_rows` wrote them. A role that no longer exists gives nothing."""
    known = {role.value for role in Role} - {role.value for role in _BY_THE_COMMAND_LINE_ONLY}
    return tuple(
        Grant(
            Role(row["role"]), row["municipality"], frozenset(row["boards"]), frozenset(row["units"]),
            frozenset(row["branches"]),
        )
        for row in rows
        if row["role"] in known
    )  # fmt: skip
