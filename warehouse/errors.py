"""What a user did wrong, as a sentence for the user."""

from __future__ import annotations


class UserError(Exception):
    """A Swedish sentence that names the thing, the place, the reason and the remedy; shown without a traceback.

    Never holds a personal identity number, nor any other cell of a delivery that has not been masked.
    """


class TooMuch(UserError):
    """What was asked for would take too much; the sentence says what to narrow."""
