"""Random sequences of changes: each run runs what is stale, and shows what a first run would."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.proof.oracle import Oracle
from tests.proof.publisher import Publisher
from tests.proof.sequence_project import BROKEN, INPUTS, OPTIONAL, Model

STEPS = 5
# So many sequences end with a comparison of every file; the others compare page by page.
WHOLE_EVERY = 50
BANNER = b"analysis-out-of-date"


def _touch(root: Path) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))


def _forget(root: Path) -> None:
    shutil.rmtree(root / ".analysis", ignore_errors=True)


def _lose_warehouse(root: Path) -> None:
    (root / "data/warehouse.duckdb").unlink(missing_ok=True)


def _comment(root: Path) -> None:
    path = root / "data/sql/features/most.sql"
    path.write_text(f"-- a comment\n{path.read_text()}")


def _reorder(root: Path) -> None:
    path = root / "folder/_metadata.yml"
    path.write_text("".join(sorted(path.read_text().splitlines(keepends=True))))


HARMLESS = (_touch, _forget, _lose_warehouse, _comment, _reorder)


class Changes(RuleBasedStateMachine):
    """Changes a project and publishes it; subclasses say where it starts."""

    start: Path
    fresh: Model
    publisher: Publisher
    oracle: Oracle
    number = 0

    @initialize()
    def begin(self) -> None:
        """Take a copy of a published project."""
        type(self).number += 1
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "project"
        shutil.copytree(self.start, self.root, symlinks=True)
        self.model = Model(frozen=dict(self.fresh.frozen))
        self.is_changed = False

    def _write(self) -> None:
        self.model.write(self.root)
        self.is_changed = True

    @rule(names=st.lists(st.sampled_from(INPUTS), min_size=1, max_size=2))
    def change(self, names: list[str]) -> None:
        """Give inputs their other value, one perhaps back and forth; what failed is mended."""
        for name in names:
            self.model.values[name] = 0 if self.model.values[name] else 1
        self._write()

    @rule()
    def break_page(self) -> None:
        """Make a page fail from now on."""
        self.model.values["file"] = BROKEN
        self._write()

    @rule(there=st.sampled_from([(), *((name,) for name in OPTIONAL)]))
    def add_or_remove(self, there: tuple[str, ...]) -> None:
        """Add, remove or rename a page."""
        self.model.pages = (self.model.pages - set(OPTIONAL)) | set(there)
        self._write()

    @rule(how=st.sampled_from(HARMLESS))
    def change_nothing(self, how: object) -> None:
        """Do what changes no content."""
        assert callable(how)
        how(self.root)
        self.is_changed = True

    @precondition(lambda self: self.is_changed)
    @rule(jobs=st.integers(1, 2))
    def publish(self, jobs: int) -> None:
        """Publish: exactly the stale pages run, and the site is what it should be."""
        self.is_changed, model = False, self.model
        stale, broken = model.stale, model.broken
        # A page that failed and is again what it was when it was frozen may run, but need not.
        mended = model.failed - broken - stale
        published = self.publisher(self.root, "--jobs", str(jobs))
        model.published()
        assert published.ran - mended == stale - broken, published.text
        assert published.failed == broken, published.text
        assert published.code == (1 if broken else 0), published.text
        assert self.oracle.differences(self.root, model) == []
        for page in broken:
            shown = self.root / "published" / "current" / Path(page).with_suffix(".html")
            assert BANNER in shown.read_bytes()

    def teardown(self) -> None:
        """Publish once more; sometimes compare all that there is."""
        try:
            if self.is_changed:
                self.publish(2)
            if type(self).number % WHOLE_EVERY == 0 and not self.model.broken:
                assert self.oracle.everything(self.root) == []
        finally:
            shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def start(
    tmp_path_factory: pytest.TempPathFactory, publisher: Publisher
) -> type[RuleBasedStateMachine]:
    """Publish the project from which each sequence starts."""
    root, fresh = tmp_path_factory.mktemp("sequences") / "project", Model()
    fresh.write(root)
    published = publisher(root)
    assert published.ran == fresh.pages, published.text
    fresh.published()
    oracle = Oracle(publisher, tmp_path_factory.mktemp("oracle"))
    parts = {"start": root, "fresh": fresh, "publisher": publisher, "oracle": oracle}
    return type("Sequence", (Changes,), parts)


def run_sequences(machine: type[RuleBasedStateMachine], number: int, first: int) -> None:
    """Run so many sequences; the same number ``first`` gives the same ones."""
    print(f"to repeat: pytest tests/proof/test_sequences.py --proof-seed {first}")
    run_state_machine_as_test(
        seed(first)(machine),
        settings=settings(
            max_examples=number,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a sequence is short as it is
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


class TestFirstHalf:
    """One half; each class is a unit of work for parallel tests."""

    def test_sequences(
        self, start: type[RuleBasedStateMachine], sequences: int, proof_seed: int
    ) -> None:
        """One half of the sequences."""
        run_sequences(start, (sequences + 1) // 2, proof_seed)


class TestSecondHalf:
    """The other half, from another seed."""

    def test_sequences(
        self, start: type[RuleBasedStateMachine], sequences: int, proof_seed: int
    ) -> None:
        """The other half of the sequences."""
        run_sequences(start, sequences // 2, proof_seed + 1_000_000)
