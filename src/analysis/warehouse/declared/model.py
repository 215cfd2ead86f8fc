"""What becomes of rows that break a contract."""

from __future__ import annotations

from typing import Literal

# The ingest fails, they are set aside, or named only.
Policy = Literal["fail", "quarantine", "warn"]
