"""Turnarounds of planes between two flights, by a rule that is written down here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

SEED = 2013
DAYS = 365
A_DAY = 56
AIRPORTS = ("EWR", "JFK", "LGA")
# A plane departs late when it does so by more than this.
LATE = 15
# Minutes that something unforeseen takes, on average.
TROUBLE = {"EWR": 8.0, "JFK": 6.0, "LGA": 10.0}


def turnarounds() -> Iterator[dict[str, list[object]]]:
    """Yield a table a day; the same ones each time.

    The plane is ready ``25 + 0.12 * passengers`` minutes after it arrived, and what is unforeseen
    takes time that is exponentially distributed; so the chance of a late departure is known.
    """
    # `random()` gives the same numbers on every machine and in every version of Python.
    random = Random(SEED)
    for day in range(DAYS):
        rows = [_turnaround(random, day * A_DAY + number) for number in range(A_DAY)]
        table: dict[str, list[object]] = {"day": [date(2013, 1, 1) + timedelta(day)] * A_DAY}
        yield {**table, **{name: [row[name] for row in rows] for name in rows[0]}}


def _turnaround(random: Random, number: int) -> dict[str, object]:
    airport = AIRPORTS[int(random.random() * len(AIRPORTS))]
    passengers = 40 + int(random.random() * 161)
    planned = 35 + 5 * int(random.random() * 7)
    arrival_delay = round(-10 - 18 * math.log(1 - random.random()))
    # Minutes after the planned departure at which the plane is ready.
    ready = max(arrival_delay + 25 + 0.12 * passengers - planned, 0)
    trouble = -TROUBLE[airport] * math.log(1 - random.random())
    chance = min(math.exp((ready - LATE) / TROUBLE[airport]), 1)
    return {
        "turnaround": number + 1,
        "airport": airport,
        "passengers": passengers,
        "planned_minutes": planned,
        "arrival_delay": arrival_delay,
        "departure_delay": round(ready + trouble, 1),
        "true_chance_late": round(chance, 4),
    }
