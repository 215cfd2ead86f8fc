"""Records what a page reads while it runs; this package runs inside the page's kernel.

It is loaded from its files under the name ``analysis_recorder``, also where this project is not
installed, so it imports only from the standard library and from itself.
"""

import json

from .places import Places
from .recording import Recorder

_recorder: Recorder | None = None


def start(root: str, document: str, warehouse: str, logs: str) -> None:
    """Begin to record; the paths are absolute but for ``document``, which is below ``root``."""
    global _recorder
    _recorder = Recorder(Places(root, document, warehouse), logs)
    _recorder.install()


def note(kind: str, name: str) -> None:
    """Record an input of any kind."""
    if _recorder is not None:
        _recorder.notes.add((kind, name))


def pause(by: int) -> None:
    """Record no file from now on, until as much is taken back."""
    if _recorder is not None:
        _recorder.files.paused += by


def finish(path: str) -> None:
    """Write what was recorded as JSON."""
    if _recorder is not None:
        result = _recorder.result()
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(result, file)
