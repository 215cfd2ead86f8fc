"""Fail when a file or a function has grown too long to be read in one go."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

FILE_LIMIT = 400
FILE_NEEDS_REASON = 300
INIT_LIMIT = 40
FUNCTION_LIMIT = 50
REASON = "Long because"


def problems(path: Path) -> list[str]:
    """List what is too long in one Python file."""
    text = path.read_text()
    length = len(text.splitlines())
    found = []
    if length > FILE_LIMIT:
        found.append(f"{path}: {length} lines, the limit is {FILE_LIMIT}")
    elif length > FILE_NEEDS_REASON and REASON not in text:
        found.append(f"{path}: {length} lines; split it, or say in it: `{REASON} …`")
    if path.name == "__init__.py" and length >= INIT_LIMIT:
        found.append(f"{path}: {length} lines, an __init__ stays under {INIT_LIMIT}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            size = node.end_lineno - node.lineno + 1
            if size > FUNCTION_LIMIT:
                found.append(f"{path}:{node.lineno}: {node.name} has {size} lines")
    return found


def main() -> int:
    """Check all Python and Lua sources; print the median file length."""
    files = sorted(
        p for d in ("src", "tests", "benchmarks", "tools") for p in Path(d).rglob("*.py")
    )
    found = [problem for path in files for problem in problems(path)]
    for path in Path("src").rglob("*.lua"):
        if (length := len(path.read_text().splitlines())) > FILE_LIMIT:
            found.append(f"{path}: {length} lines, the limit is {FILE_LIMIT}")
    print("\n".join(found), end="\n" if found else "")
    sources = [len(p.read_text().splitlines()) for p in Path("src").rglob("*.py")]
    print(f"{len(sources)} source files, median {statistics.median(sources):.0f} lines")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
