"""The one boundary: errors become a message and an exit code here, and nowhere else."""

from __future__ import annotations

import os
import sys
import traceback

from analysis.cli.console import describe
from analysis.cli.mistakes import is_debug, is_interrupt, mistake
from analysis.errors import AnalysisError, ExitCode

_INTERRUPTED = "interrupted: what was finished is kept"


def main() -> None:
    """Run the command line and leave with the exit code that the outcome has."""
    from analysis.cli.app import app

    debug = is_debug()
    try:
        app(args=[a for a in sys.argv[1:] if a != "--debug"], prog_name="analysis")
    except SystemExit as leaving:
        if leaving.code == ExitCode.INTERRUPTED:
            print(_INTERRUPTED, file=sys.stderr)
        raise
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.DONE)
    except Exception as error:
        if is_interrupt(error):
            print(_INTERRUPTED, file=sys.stderr)
            sys.exit(ExitCode.INTERRUPTED)
        if isinstance(error, AnalysisError):
            if debug:
                traceback.print_exc()
            print(describe(error), file=sys.stderr)
            sys.exit(error.exit_code)
        traceback.print_exc()
        print(
            f"\nanalysis: {mistake(error)}\n  please report it with the lines above",
            file=sys.stderr,
        )
        sys.exit(ExitCode.NOTHING_RELEASED)
