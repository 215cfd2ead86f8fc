"""Set up a kernel for a page. This file is loaded inside the kernel, so it imports only from the
standard library.

Nothing heavy is imported here: libraries are set up when, and only if, the page imports them.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

_INLINE = "module://matplotlib_inline.backend_inline"


class AfterImport(importlib.abc.MetaPathFinder):
    """Call an action once, right after the module of its name was imported."""

    def __init__(self, actions: dict[str, Callable[[], None]]) -> None:
        self.actions = actions

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the module as usual; take notice when it has been executed."""
        # Taken out first: the search below comes here again.
        action = self.actions.pop(fullname, None)
        spec = importlib.util.find_spec(fullname) if action else None
        if action is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_act(module: ModuleType) -> None:
            execute(module)
            action()

        # The loader stays what it is, since libraries look for their data files through it.
        spec.loader.exec_module = execute_and_act  # type: ignore[method-assign]
        return spec


def set_up_figures(width: float, height: float, dpi: int, kind: str) -> None:
    """Set the size and the format of matplotlib's figures; sizes are in inches."""
    import matplotlib.pyplot as plt
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    plt.switch_backend(os.environ.get("MPLBACKEND", _INLINE))
    plt.rcParams["figure.figsize"] = (width, height)
    plt.rcParams["figure.dpi"] = dpi
    plt.rcParams["savefig.dpi"] = "figure"
    set_matplotlib_formats(kind)  # type: ignore[no-untyped-call]


def set_up_charts() -> None:
    """Let Altair give its specification instead of a page with scripts from another host."""
    import altair

    altair.renderers.enable("mimetype")


def limit_memory(size: int) -> None:
    """Let this process have ``size`` bytes of its own, where the system can see to that."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def configure(
    width: float,
    height: float,
    dpi: int,
    kind: str,
    interactivity: str | None,
    memory: int | None,
) -> None:
    """Set up what is imported already, and the rest when it is."""
    actions: dict[str, Callable[[], None]] = {
        "matplotlib.pyplot": lambda: set_up_figures(width, height, dpi, kind),
        "altair": set_up_charts,
    }
    for name in [name for name in actions if name in sys.modules]:
        actions.pop(name)()
    sys.meta_path.insert(0, AfterImport(actions))
    if interactivity:
        shell: Any = importlib.import_module("IPython.core.interactiveshell")
        shell.InteractiveShell.ast_node_interactivity = interactivity
    if memory:
        limit_memory(memory)
