"""Time `analysis status` of many fresh pages with many inputs each.

Usage: python benchmarks/status.py [PAGES] [INPUTS] [REPEATS]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.documents.document import read_document
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.inputsfile import write_inputs
from analysis.documents.staleness import known_inputs
from analysis.files import write_text
from analysis.lineage import Inputs
from analysis.project import open_project

COMMAND = [str(Path(sys.executable).with_name("analysis")), "status"]
# Seconds on two cores for 1,000 pages with 20 inputs each.
MARK = 0.5
PAGE = "---\ntitle: Page {number}\n---\n\nSome words.\n\n```{{python}}\nprint({number})\n```\n"


def write_site(root: Path, pages: int, inputs: int) -> None:
    """Write pages that have run: a third of their inputs are relations, the rest files."""
    write_text(root / "_quarto.yml", "project:\n  type: website\n")
    relations = {
        f"features.f{number}": {
            "fingerprint": f"{number:032x}",
            "columns": {"one": f"{number:032x}", "two": f"{number + 1:032x}"},
            "reads": [],
            "kind": "view",
            "by": "content",
        }
        for number in range(40)
    }
    write_text(root / "data" / "warehouse.json", json.dumps({"relations": relations}))
    for number in range(100):
        write_text(root / "src" / "tools" / f"m{number}.py", f"value = {number}\n" * 40)
    for number in range(pages):
        write_text(root / f"chapter{number % 20}" / f"p{number}.qmd", PAGE.format(number=number))
    project = open_project(root)
    now = Fingerprints(project)
    for number, source in enumerate(project.documents):
        known = known_inputs(read_document(project, source), now)
        write_inputs(project, source, {**known, **_observed(now, source, number, inputs)})
        stem = source.removesuffix(".qmd")
        write_text(root / "_freeze" / stem / "execute-results" / "html.json", "{}")


def _observed(now: Fingerprints, source: str, number: int, inputs: int) -> Inputs:
    names = {
        "relation": [f"features.f{(number + i) % 40}" for i in range(inputs // 3)],
        "package": ["pandas", "duckdb", "altair"],
        "module": [f"src/tools/m{(number + i) % 100}.py" for i in range(inputs - inputs // 3 - 6)],
        "import": ["pandas", "duckdb", "altair", "tools"],
    }
    return {kind: {n: now.of(kind, n, source) for n in ids} for kind, ids in names.items()}


def seconds(root: Path) -> float:
    """Give the wall-clock time of one call, and make sure that all pages are fresh."""
    start = time.perf_counter()
    done = subprocess.run(COMMAND, cwd=root, capture_output=True, text=True, check=True)
    taken = time.perf_counter() - start
    if not done.stdout.splitlines()[-1].endswith(" fresh") or "stale" in done.stdout:
        sys.exit(f"the pages are not fresh:\n{done.stdout[-2000:]}")
    return taken


def main() -> None:
    """Print one line: the median, and the mark."""
    pages, inputs, repeats = (*map(int, sys.argv[1:]), *(1000, 20, 5)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "site"
        write_site(root, pages, inputs)
        seconds(root)
        taken = statistics.median(seconds(root) for _ in range(repeats))
    print(f"status of {pages} fresh pages, {inputs} inputs each: {taken:.2f} s (mark {MARK} s)")


if __name__ == "__main__":
    main()
