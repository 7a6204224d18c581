"""What a provider's claims give here: what is mapped, and nothing else."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from pydantic import ValidationError

from control.definitions import OUTSIDE
from control.login.grants import LoginRefused, as_rows, from_rows, grants_by_claim, person_of
from etl.jobs import SCHEDULER
from kpi.access import OPERATOR, Grant, Role
from tests.builders.login import login_settings
from warehouse.errors import UserError
from warehouse.login_settings import LoginSettings

GRANTS = [
    {"claim_value": "a", "role": "presidium", "municipality": "1287", "boards": ["1287-SN"]},
    {"claim_value": "a", "role": "controller", "municipality": "1287", "boards": ["1287-SN", "1287-UN"]},
    {"claim_value": "b", "role": "unit_manager", "municipality": "1287", "boards": ["1287-SN"], "units": ["1287-N"]},
    {"claim_value": "c", "role": "dpo", "municipality": "1263", "branches": ["socialtjanst", "bvc"]},
]
PRESIDIUM = Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}))
CONTROLLER = Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN", "1287-UN"}))
MANAGER = Grant(Role.UNIT_MANAGER, "1287", frozenset({"1287-SN"}), frozenset({"1287-N"}))
DPO = Grant(Role.DPO, "1263", branches=frozenset({"socialtjanst", "bvc"}))


def settings(**more: Any) -> LoginSettings:
    return login_settings(**{"grants": GRANTS} | more)


def claims(**more: Any) -> dict[str, Any]:
    return {"iss": "https://idp", "sub": "s-1", "preferred_username": "anv1"} | more


@pytest.mark.parametrize(
    ("groups", "granted"),
    [
        (["a"], (PRESIDIUM, CONTROLLER)),
        (["c", "okänd", "b"], (DPO, MANAGER)),
        (["b", "b"], (MANAGER,)),
        ("c", (DPO,)),
        ([1, None, {"a": 1}, "b"], (MANAGER,)),
    ],
)
def test_a_group_gives_what_is_mapped_to_it(groups: object, granted: tuple[Grant, ...]) -> None:
    assert person_of(claims(groups=groups), settings()).grants == granted


@pytest.mark.parametrize("groups", [[], ["A"], [" a"], ["a "], ["operator"], [["a"]], ""])
def test_nothing_else_gives_anything(groups: object) -> None:
    with pytest.raises(LoginRefused, match="ingen av dina grupper"):
        person_of(claims(groups=groups), settings())


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["a"]}}),
        ("resource_access.samkoll.roles", {"resource_access": {"samkoll": {"roles": ["a"]}}}),
        ("http://schemas.xmlsoap.org/claims/Group", {"http://schemas.xmlsoap.org/claims/Group": "a"}),
    ],
)
def test_a_claim_may_lie_deeper_or_have_an_address_for_a_name(path: str, told: dict[str, Any]) -> None:
    assert person_of(claims(**told), settings(groups_claim=path)).grants == (PRESIDIUM, CONTROLLER)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({}, "no groups claim"),
        ({"groups": None}, "no groups claim"),
        ({"groups": 7}, "no groups claim"),
        ({"_claim_names": {"groups": "src1"}}, "too many groups"),
        ({"hasgroups": True}, "too many groups"),
    ],
)
def test_a_claim_that_is_missing_is_told_apart(told: dict[str, Any], reason: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        person_of(claims(**told), settings())
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("anna@kommun.se", "anna@kommun.se"),
        (None, "s-1"),
        ("  ", "s-1"),
        (17, "s-1"),
        ("a\r\nb\u202ec", "a b c"),
        ("x" * 200, "x" * 80),
        ("\u200b\u1160\u3164\u2800\uffa0", "s-1"),
        ("An\u3164na", "An na"),
        ("ａｎｎａ", "anna"),
        ("Anna Andersson", "Anna Andersson"),
        ("anna.andersson12@kommun.se", "anna.andersson12@kommun.se"),
        ("108123456789012345678", "108123456789012345678"),
        ("3f201201-0123-4e4f-89aa-012012012384", "3f201201-0123-4e4f-89aa-012012012384"),
    ],
)
def test_what_a_user_is_called(name: object, label: str) -> None:
    assert person_of(claims(preferred_username=name, groups="a"), settings()).label == label


@pytest.mark.parametrize(
    "name",
    [
        "201201012384",
        "20120101-2384",
        "120101-2384",
        "120101+2384",
        "201201012384@kommun.se",
        "AD\\201201012384",
        "Anna Andersson 20120101-2384",
        "Anna Andersson (120101–2384)",
        "120101 2384 Anna",
        "20120101 - 2384",
        "u201201012384",
        "anna_120101_2384@kommun.se",
        "120101-9999",
        "x" * 75 + " 120101-2384",
    ],
)
def test_an_identity_number_is_no_name(name: str) -> None:
    with pytest.raises(LoginRefused, match="personnummer"):
        person_of(claims(preferred_username=name, groups="a"), settings())


def test_an_identity_number_as_the_providers_own_id_is_not_kept_even_as_a_hash() -> None:
    one = person_of(claims(sub="201201012384", groups="a"), settings())
    other = person_of(claims(sub="201201022391", groups="a"), settings())
    assert one.subject_hash == other.subject_hash, "it follows from the name"
    assert (
        person_of(claims(sub="s-2", groups="a"), settings()).subject_hash
        != person_of(claims(groups="a"), settings()).subject_hash
    )


def test_grants_are_kept_and_read_again() -> None:
    granted = (PRESIDIUM, CONTROLLER, MANAGER, DPO)
    assert from_rows(as_rows(granted)) == granted
    assert from_rows([as_rows([PRESIDIUM])[0] | {"role": role} for role in ("operator", "borttagen")]) == ()


@pytest.mark.parametrize("role", ["operator", "Presidium", "chef"])
def test_a_role_that_does_not_exist_names_its_entry(role: str) -> None:
    wrong = settings(grants=[GRANTS[0], GRANTS[2] | {"role": role}])
    with pytest.raises(UserError, match=rf"nummer 2 \(claim_value ”b”\): rollen ”{role}” finns inte.*presidium"):
        grants_by_claim(wrong)


def test_no_mapping_at_all_is_an_error() -> None:
    with pytest.raises(UserError, match=r"ingen \[\[login.grants\]\]"):
        grants_by_claim(settings(grants=[]))


@pytest.mark.parametrize(
    "address",
    [
        "http://samkoll.kommun.se", "samkoll.kommun.se", "https://", "https://u:p@samkoll.kommun.se", "ftp://samkoll",
        "https://samkoll.kommun.se/under", "https://samkoll.kommun.se?x", "https://sam koll.se", "https://[::1", "",
        "http://127.0.0.1.elak.example", "https://samkoll.se:x",
    ],
)  # fmt: skip
def test_an_address_where_secrets_would_travel_in_the_clear_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        settings(public_address=address)


@pytest.mark.parametrize("address", ["http://localhost:8050", "http://127.0.0.1:8050", "http://[::1]:8050/"])
def test_this_machine_itself_needs_no_encryption(address: str) -> None:
    found = settings(public_address=address)
    assert (found.is_encrypted, found.public_address) == (False, address.rstrip("/"))


@pytest.mark.parametrize(
    "name",
    [
        OPERATOR.user,
        "Kommandoraden",
        " token Rapporter",
        "Token",
        "ｔｏｋｅｎ x",
        "token\uffa0x",
        "\u2800okänd\u3164",
        SCHEDULER.user,
        OUTSIDE,
        "Okänd",
    ],
)
def test_nobody_is_called_what_the_log_calls_its_own(name: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        person_of(claims(preferred_username=name, groups="a"), settings())
    assert refused.value.reason == "user name of Samkoll's own"
    assert person_of(claims(preferred_username=f"{name.strip()[:5]}berg", groups="a"), settings())


def test_two_of_the_same_name_are_two_readers() -> None:
    one, other = (person_of(claims(sub=sub, groups="a"), settings()).viewer for sub in ("s-1", "s-2"))
    assert (one.user, one.grants) == (other.user, other.grants)
    assert one.tag != other.tag
    assert one.tag == sha256(b"https://idp s-1").hexdigest()[:12]
