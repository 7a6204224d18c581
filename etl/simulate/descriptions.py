"""Free text of deviations. Now and then somebody writes what should not be there: a name, a number, a telephone.

The name is the test name "Test Testsson", telephone numbers are from the ranges that PTS keeps for fiction, and
identity numbers have test serials: nobody is described.
"""

from __future__ import annotations

import numpy as np

from etl.simulate.people import identity_numbers
from etl.simulate.story import Texts

_ACTOR_NAMES = {
    "socialtjanst": "socialtjänsten", "forskola": "förskolan", "skola": "skolan", "elevhalsa": "elevhälsan",
    "bup": "BUP", "bum": "BUM", "habilitering": "habiliteringen", "primarvard": "vårdcentralen", "bvc": "BVC",
    "mvc": "barnmorskemottagningen", "beroendevard": "beroendevården",
}  # fmt: skip
_SENTENCES = {
    "utebliven_medverkan": (
        "Vid SIP-mötet uteblev {actor} utan att lämna återbud.",
        "Kallelse skickad i god tid, men {actor} kom inte och skickade ingen ersättare.",
        "Mötet fick ställas in eftersom {actor} inte deltog.",
    ),
    "oklart_ansvar": (
        "Oklart om vi eller {actor} ska samordna insatserna.",
        "Det är oklart vem som har huvudansvaret; {actor} hänvisar tillbaka till oss.",
    ),
    "finansieringstvist": ("Oenighet med {actor} om vem som betalar insatsen.",),
    "bristande_information": (
        "Vi fick inte veta att {actor} hade avslutat kontakten.",
        "Uppgifter som behövdes inför mötet kom inte från {actor}.",
    ),
    "sekretess_samtycke": ("Samtycke saknades när {actor} lämnade uppgifter.",),
    "bristande_tillganglighet": (
        "Har sökt {actor} upprepade gånger utan svar.",
        "Väntetiden till {actor} gör att planen inte kan följas.",
    ),
    "utskrivning": ("Barnet skrevs ut utan att {actor} hade kallat till planering.",),
    "annan": ("Bristande bemötande vid kontakt med {actor}.",),
}
_FOLLOW_UPS = ("", "", " Närmaste chef är informerad.", " Tas upp i lokal arbetsgrupp.", "\nNytt möte är bokat.")


def describe(category: Texts, counterpart: Texts, rng: np.random.Generator) -> Texts:
    """A text per deviation."""
    count = len(category)
    choice, follow_up, slip = rng.random(count), rng.integers(0, len(_FOLLOW_UPS), count), rng.random(count)
    slips = _slips(rng, count)
    result = np.empty(count, dtype=object)
    for row in range(count):
        sentences = _SENTENCES[category[row]]
        sentence = sentences[int(choice[row] * len(sentences))].format(actor=_ACTOR_NAMES[counterpart[row]])
        result[row] = sentence + _FOLLOW_UPS[follow_up[row]] + (slips[row] if slip[row] < 0.06 else "")
    return result


def _slips(rng: np.random.Generator, count: int) -> list[str]:
    """What should not have been written, in the spellings that people use."""
    born = np.datetime64("2009-01-01") + rng.integers(0, 4000, count).astype("timedelta64[D]")
    numbers = identity_numbers(born, 980 + rng.integers(0, 20, count), np.zeros(count, dtype=bool))
    phones = 605 + rng.integers(0, 95, count)
    kinds = rng.integers(0, 5, count)
    return [
        (
            f" Gäller Test Testsson {number[:8]}-{number[8:]}.",
            f" Gäller Test Testsson, {number[2:8]} - {number[8:]}.",
            f" Personnummer {number}.",
            f" Ring mamman på 070-174 0{phone}.",
            " Svar önskas till namn.namnsson@example.org.",
        )[kind]
        for number, phone, kind in zip(numbers, phones, kinds, strict=True)
    ]
