"""A delivery that cannot be read as a whole."""

from __future__ import annotations

from warehouse.errors import UserError


class DeliveryRefused(UserError):
    """The whole delivery is refused: a Swedish sentence with reason and remedy, without the file's name."""
