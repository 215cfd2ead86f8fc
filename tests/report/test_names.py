"""The public names of the package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import analysis


def test_every_public_name_can_be_had() -> None:
    assert {"alt", "db", "query", "rates", "table"} <= set(dir(analysis))
    for name in dir(analysis):
        assert getattr(analysis, name) is not None


def test_the_stub_names_the_same() -> None:
    stub = Path(analysis.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert sorted(re.findall(r" as (\w+)$", stub, re.MULTILINE)) == dir(analysis)


def test_an_unknown_name_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = analysis.nothing


def test_importing_the_package_imports_no_heavy_library() -> None:
    code = "import analysis, sys; print({'pandas', 'altair', 'duckdb'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
