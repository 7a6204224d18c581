"""A plan as a document: what is written is what is read, and any change is another hash."""

from __future__ import annotations

from dataclasses import replace

from control.plan.content import (
    Category,
    Control,
    Frequency,
    Handling,
    Method,
    PlanContent,
    Risk,
    Scale,
    Source,
    Step,
    as_json,
    from_json,
    hash_of,
)

SCALE = Scale(*(tuple(Step(f"steg {number}", "") for number in range(1, 5)) for _ in range(2)))
CONTROL = Control(
    "k1", "Granska", Method.SAMPLE, Frequency.TERTIAL, "Chefen", "Nämnden", "Tertial", ("sip_lawful",), 10
)
RISK = Risk(
    "r1", "SIP", "orsak", "händelse", "följd", Category.LEGAL, 3, 4, Handling.CONTROL, 3,
    Source("Trelleborg 2021", "4.3.1", "kärna"), (CONTROL,),
)  # fmt: skip
PLAN = PlanContent(SCALE, (RISK,))


def test_written_and_read_is_the_same() -> None:
    assert from_json(as_json(PLAN)) == PLAN
    assert PLAN.risk("r1") == RISK
    assert PLAN.control("k1") == (RISK, CONTROL)
    assert PLAN.control("k2") is None
    assert RISK.value == 12


def test_any_change_is_another_hash() -> None:
    changed = replace(PLAN, risks=(replace(RISK, controls=(replace(CONTROL, sample_size=11),)),))
    assert len({hash_of(PLAN), hash_of(changed), hash_of(replace(PLAN, risks=()))}) == 3
    assert hash_of(from_json(as_json(PLAN))) == hash_of(PLAN)
