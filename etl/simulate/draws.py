"""Where chance comes from: a generator for each part of the story, so that one part never changes another."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Draw(IntEnum):
    """The parts that draw. A number once given stays: another number is another story."""

    SIPS = 1
    DEVIATIONS = 2
    REFERRALS = 3
    TRAINING = 4
    SURVEY = 5
    ACTIVITIES = 6
    REVIEWS = 7
    AGREEMENTS = 8
    MEETINGS = 9
    CONTEXT = 10
    CASE_SYSTEM = 11
    PLANNING = 12
    REGISTER = 13
    SURVEY_TOOL = 14


def generator(seed: int, code: str, what: Draw) -> np.random.Generator:
    """Depends on seed, municipality (or region) and part only: another municipality more changes nothing."""
    return np.random.default_rng([seed, int(code), int(what)])
