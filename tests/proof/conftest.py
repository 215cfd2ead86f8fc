"""Options that make the proofs longer, and the publisher that they share.

They are known where this folder is named: ``pytest tests/proof --sequences 5000 --kills 1000``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.proof.processes import Launcher
from tests.proof.publisher import Publisher, publishing


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add how long the proofs are, and from where their random choices start."""
    group = parser.getgroup("proof")
    group.addoption("--sequences", type=int, default=200, help="random sequences of changes")
    group.addoption("--kills", type=int, default=100, help="moments at which a run is killed")
    group.addoption("--proof-seed", type=int, default=1, help="start of all random choices")


@pytest.fixture(scope="session")
def sequences(request: pytest.FixtureRequest) -> int:
    """Give the number of random sequences in all."""
    return int(request.config.getoption("sequences", 200))


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """Give the number of killed runs in all."""
    return int(request.config.getoption("kills", 100))


@pytest.fixture(scope="session")
def proof_seed(request: pytest.FixtureRequest) -> int:
    """Give the number from which random choices start."""
    return int(request.config.getoption("proof_seed", 1))


@pytest.fixture(scope="module")
def publisher(request: pytest.FixtureRequest) -> Iterator[Publisher]:
    """Publish in this process, with one kernel server for all runs.

    Its kernels have imported what the test's module names in ``PRELOAD``.
    """
    with publishing(getattr(request.module, "PRELOAD", [("duckdb", [])])) as found:
        yield found


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    """Start runs as processes of their own that are ready at once."""
    with Launcher() as found:
        yield found
