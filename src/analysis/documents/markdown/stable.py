"""What differs from run to run without a reason, replaced by what does not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

# Each finds an id that a library has drawn at random.
_RANDOM_IDS = (
    re.compile(r'<div id="([a-z]{10})" style="padding-left:0px;'),  # great_tables
    re.compile(r'<table id="T_([0-9a-f]{5})"'),  # pandas Styler
)
_CELL_FILE = re.compile(r"[^\s\"'<>]*[/\\]ipykernel_\d+[/\\](\d+)\.py")


def stable_ids(html: str, cell_id: str, index: int, written: str) -> str:
    """Replace random ids by ones made of the cell's id and the output's index.

    An id that stands in ``written``, the author's code, was chosen and stays.
    """
    for number, pattern in enumerate(_RANDOM_IDS):
        for position, found in enumerate(dict.fromkeys(pattern.findall(html))):
            if found not in written:
                key = f"{cell_id}-{index}-{number}-{position}"
                html = html.replace(found, _letters(key, len(found)))
    return html


def _letters(key: str, count: int) -> str:
    """Make letters of a key; a to f only, so that they are hex digits too."""
    digest = hashlib.sha256(key.encode()).digest()
    return "".join("abcdef"[byte % 6] for byte in digest[:count])


def stable_paths(text: str, cells: Callable[[], Mapping[str, int]]) -> str:
    """Replace the temporary files that a kernel names its cells by.

    ``cells`` gives what :func:`code_numbers` gives; it is called when there is something to do.
    """

    def name(match: re.Match[str]) -> str:
        count = cells().get(match[1])
        return f"Cell In[{count}]" if count else "Cell"

    return _CELL_FILE.sub(name, text)


def code_numbers(sources: Mapping[int, str]) -> dict[str, int]:
    """Give, for the number by which a kernel names a cell's code, the cell's execution count."""
    from ipykernel import compiler

    seed = compiler.get_tmp_hash_seed()  # type: ignore[no-untyped-call]
    return {
        str(compiler.murmur2_x86(source, seed)): count  # type: ignore[no-untyped-call]
        for count, source in sources.items()
    }
