"""What one request, and all of them together, may ask of the server."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What lies beyond is refused at once.

    ``body`` is in bytes, ``rows`` of one request; ``seconds`` are from its arrival to its answer,
    its body included. ``concurrency`` is how many are worked on. ``batch`` is how many rows are
    predicted in one call, if they are of several requests.
    """

    body: int = 32 * MEGABYTE
    rows: int = 50_000
    seconds: float = 30.0
    concurrency: int = 256
    batch: int = 4096

    @property
    def held(self) -> int:
        """Give how many bytes of bodies are held at once, of all requests together."""
        return 8 * max(self.body, MEGABYTE)

    @property
    def waiting(self) -> int:
        """Give how many rows may wait to be predicted."""
        return 2 * self.rows

    def __str__(self) -> str:
        """Write them on one line."""
        return (
            f"{self.body / MEGABYTE:g} MB and {self.rows} rows a request, {self.seconds:g} s, "
            f"{self.concurrency} at once"
        )
