"""Arrays in files of their own."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array, whose file ends in ``.npy``.

    Raises
    ------
    OSError
        There is no room for it, of which numpy itself may say nothing.
    """
    np.save(path, array, allow_pickle=False)
    try:
        np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from None
