"""What lets pytest collect the cases of views: ``tests/sql/<schema>.<view>.yml`` of a project.

It is loaded into each run of pytest where the package is installed, so nothing of the package is
imported before there is such a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from analysis.warehouse.views.bench import Declared
    from analysis.warehouse.views.cases import Case


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of cases, if that is what it is."""
    if file_path.suffix not in (".yml", ".yaml") or file_path.parent.name != "sql":
        return None
    tests = file_path.parents[1]
    if tests.name != "tests" or not (tests.parent / "_quarto.yml").is_file():
        return None
    collected: pytest.Collector = CaseFile.from_parent(parent, path=file_path)
    return collected


class CaseFile(pytest.File):
    """The cases of one view."""

    def collect(self) -> Iterator[pytest.Item]:
        """Read the cases.

        Raises
        ------
        CollectError
            The file, or a declaration of the project, is wrong.
        """
        from analysis.cli.console import describe
        from analysis.errors import AnalysisError
        from analysis.warehouse.views.cases import read_cases

        root = self.path.parents[2]
        try:
            declared = _declared(root)
            cases = read_cases(root, self.path.relative_to(root).as_posix(), declared.views)
        except AnalysisError as error:
            raise self.CollectError(describe(error)) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case, declared=declared)


class _CaseFailedError(Exception):
    """A view has other rows than a case expects."""


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, declared: Declared, **more: Any) -> None:
        super().__init__(**more)
        self._case = case
        self._declared = declared

    def runtest(self) -> None:
        """Run the case."""
        from analysis.warehouse.views.testing import run_case

        if failure := run_case(self._case, self._declared).failure:
            raise _CaseFailedError(failure)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell a failure as ``analysis test`` does."""
        from analysis.cli.console import describe
        from analysis.errors import AnalysisError

        if isinstance(excinfo.value, _CaseFailedError):
            return str(excinfo.value)
        if isinstance(excinfo.value, AnalysisError):
            return describe(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the place of the case."""
        line = self._case.where("name").line or 1
        return self.path, line - 1, f"{self._case.view}: {self.name}"


@cache
def _declared(root: Path) -> Declared:
    from analysis.project import open_project
    from analysis.warehouse.views.bench import read_declared

    return read_declared(open_project(root))
