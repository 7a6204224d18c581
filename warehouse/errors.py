"""What a user did wrong, as a sentence for the user."""

from __future__ import annotations

import re

_BORN = r"(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:[012678][0-9]|[39][01])"
_IDENTITY = re.compile(rf"(?<!\w){_BORN}[ \u00a0]?[-+\u2010-\u2015]?[ \u00a0]?[0-9]{{4}}(?!\w)")


def without_identity(sentence: str) -> str:
    """The sentence with all that has the form of a personal identity number masked, whatever its check digit is: a
    sentence may quote what somebody wrote in an address or a file. Deliveries' cells are `etl.identity`'s."""
    return _IDENTITY.sub("[personnummer]", sentence)


class UserError(Exception):
    """A Swedish sentence that names the thing, the place, the reason and the remedy; shown without a traceback.

    Never holds a personal identity number, nor any other cell of a delivery that has not been masked.
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(without_identity(sentence))


class TooMuch(UserError):
    """What was asked for would take too much; the sentence says what to narrow."""
