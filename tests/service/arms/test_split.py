"""Which arm answers: shares are right, keys stay, and only what must move moves."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models.bundle.record import Bundle
from analysis.service.arms.split import chosen, unit
from analysis.service.serving import Arm, Serving
from tests.helpers.bundles import bundle_of

_SHARES = st.floats(0, 1)
_KEYS = st.lists(st.one_of(st.integers(), st.text(), st.dates()), min_size=1, max_size=50)


class _Silent:
    """A model that these tests never ask."""

    bundle: Bundle = bundle_of("binary")

    def predict(self, columns: Any) -> dict[str, list[Any]]:
        raise AssertionError(columns)


def serving(*shares: float, shadow: bool = False) -> Serving:
    """Give a champion, and challengers with these shares."""
    arms = [Arm("champion", "v1", 1, "champion", _Silent())]
    for place, share in enumerate(shares, 2):
        arms.append(Arm(f"c{place}", f"v{place}", place, "challenger", _Silent(), share, shadow))
    return Serving("late-flights", tuple(arms))


def arms_of(served: Serving, keys: list[Any]) -> list[int]:
    """Give the arm of each key."""
    found = chosen(served, {"id": keys}, len(keys), "r")
    return [0] * len(keys) if found is None else list(found)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5, 0.9])
def test_shares_are_right(share: float) -> None:
    """Within four standard errors, which one in ten thousand of these tests would miss."""
    count = 20_000
    found = Counter(arms_of(serving(share), list(range(count))))
    assert abs(found[1] / count - share) < 4 * sqrt(share * (1 - share) / count)


def test_several_challengers() -> None:
    """Each has its own share."""
    found = Counter(arms_of(serving(0.2, 0.3), list(range(20_000))))
    assert [round(found[arm] / 20_000, 1) for arm in range(3)] == [0.5, 0.2, 0.3]


@given(_KEYS, _SHARES, _SHARES)
def test_another_share_moves_only_what_must_move(keys: list[Any], one: float, other: float) -> None:
    """A larger share keeps all keys that the smaller one had."""
    low, high = sorted((one, other))
    few, many = arms_of(serving(low), keys), arms_of(serving(high), keys)
    assert all(b == 1 for a, b in zip(few, many, strict=True) if a == 1)


@given(_KEYS, _SHARES)
def test_same_key_same_arm(keys: list[Any], share: float) -> None:
    """Whatever else is in the request, and whichever versions the arms are."""
    served = serving(share)
    newer = replace(served, arms=tuple(replace(a, version="v9", number=9) for a in served.arms))
    alone = [arms_of(newer, [key])[0] for key in keys]
    assert arms_of(served, keys) == alone


def test_same_key_same_arm_in_another_process() -> None:
    """Python's own hash of a text is another one in each process; this one is not."""
    script = "from analysis.service.arms.split import unit; print(unit('m', ('UA', 7)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert float(done.stdout) == unit("m", ("UA", 7))


@given(st.lists(st.text(), min_size=1, max_size=3), st.lists(st.text(), min_size=1, max_size=3))
def test_keys_of_several_columns(a: list[str], b: list[str]) -> None:
    """No two keys are taken for one."""
    assert (unit("m", a) == unit("m", b)) is (a == b)


def test_order_of_columns_says_nothing() -> None:
    """A mapping has none."""
    served, ids, days = serving(0.5), list(range(99)), [f"d{i % 7}" for i in range(99)]
    assert chosen(served, {"id": ids, "day": days}, 99, "r") == chosen(
        served, {"day": days, "id": ids}, 99, "r"
    )


def test_without_a_key_the_request_decides() -> None:
    """All of its rows go to one arm; over requests the share is right."""
    arms = []
    for request in range(2_000):
        found = chosen(serving(0.3), {}, 3, f"request-{request}")
        assert found is not None and len(set(found)) == 1 and len(found) == 3
        arms.append(found[0])
    assert abs(sum(arms) / 2_000 - 0.3) < 0.05


@pytest.mark.parametrize(
    "served", [serving(), serving(0.0), serving(1.0, shadow=True)], ids=["alone", "none", "shadow"]
)
def test_first_answers_all(served: Serving) -> None:
    """Without a challenger, without a share of its own, and if it only looks on."""
    assert chosen(served, {"id": [1, 2]}, 2, "r") is None


def test_all_to_the_challenger() -> None:
    """A share of one is all."""
    assert set(arms_of(serving(1.0), list(range(1_000)))) == {1}
