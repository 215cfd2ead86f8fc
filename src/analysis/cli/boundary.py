"""The one boundary: errors become a message and an exit code here, and nowhere else."""

from __future__ import annotations

import os
import sys
import traceback

from analysis.cli.console import describe
from analysis.errors import AnalysisError, ExitCode


def main() -> None:
    """Run the command line and leave with the exit code that the outcome has."""
    from analysis.cli.app import app

    debug = "--debug" in sys.argv or bool(os.environ.get("ANALYSIS_DEBUG"))
    try:
        app(args=[a for a in sys.argv[1:] if a != "--debug"], prog_name="analysis")
    except SystemExit as leaving:
        if leaving.code == ExitCode.INTERRUPTED:
            print("interrupted: what was finished is kept", file=sys.stderr)
        raise
    except AnalysisError as error:
        if debug:
            traceback.print_exc()
        print(describe(error), file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.DONE)
    except Exception as error:
        traceback.print_exc()
        print(
            f"\nanalysis: this is a mistake in `analysis` itself, not in your project: {error!r}\n"
            "  please report it with the lines above",
            file=sys.stderr,
        )
        sys.exit(ExitCode.NOTHING_RELEASED)
