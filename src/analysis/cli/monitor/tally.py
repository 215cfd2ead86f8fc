"""How a replay goes: a line each month, and what the server refused."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from analysis.cli.console import warn
from analysis.monitoring.replaying.client import Client
from analysis.monitoring.replaying.row import PastRow
from analysis.monitoring.replaying.sending import send

# How many reasons of refusals are shown.
_SHOWN = 5


class Tally:
    """Sends parts of rows, which are in order of time, and counts them by month."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._refused: Counter[str] = Counter()
        self._month, self._of_month = "", 0
        self._rows = 0
        self._started = time.perf_counter()

    def send(self, rows: Sequence[PastRow]) -> tuple[PastRow, ...]:
        """Send rows in one request; give those that were answered."""
        sent = send(self._client.ask, rows)
        self._refused.update(why for _, why in sent.refused)
        for row in sent.answered:
            month = f"{row.time:%Y-%m}"
            if month != self._month:
                self._tell_month()
                self._month, self._of_month = month, 0
            self._of_month += 1
        self._rows += len(sent.answered)
        return sent.answered

    def end(self) -> None:
        """Tell how many were sent, and why some were refused."""
        self._tell_month()
        seconds = max(time.perf_counter() - self._started, 0.001)
        speed = f"{self._rows / seconds:,.0f} a second"
        print(f"sent       {self._rows:,} rows in {seconds:,.1f} s, {speed}", flush=True)
        if refused := self._refused.total():
            print(f"refused    {refused:,} rows")
        for why, times in self._refused.most_common(_SHOWN):
            warn(None, f"{times:,} rows were refused: {why}")

    def _tell_month(self) -> None:
        if self._month:
            print(f"{self._month}    {self._of_month:>9,} rows", flush=True)
