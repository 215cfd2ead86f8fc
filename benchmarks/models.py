"""Time models in the ways that they are deployed, beside scikit-learn and vetiver.

Usage: python benchmarks/models.py [--rows N] [--repeats N]
"""

from __future__ import annotations

import argparse
import sys

import models_service
import models_sql

ROWS = 327_000


def main() -> None:
    """Read the options and measure; the exit code is 1 if a mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    reached = [
        models_sql.measure(chosen.rows, chosen.repeats),
        models_service.measure(chosen.repeats),
    ]
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
