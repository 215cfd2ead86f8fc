"""``analysis serve key``: who may ask the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

key = typer.Typer(help="Keys of those who may ask the server.", no_args_is_help=True)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="Who has the key.")]
_Folder = Annotated[Path, typer.Argument(help="A folder of the project.")]


@key.command("add")
def add(name: _Name, folder: _Folder = Path()) -> None:
    """Make a key and print it: it is kept nowhere, and cannot be printed again.

    Example: analysis serve key add reports
    """
    from analysis.service.keys.store import add_key

    made = add_key(_file(folder), name)
    # Only the key itself is output, so that a script can take it.
    print(f"the key of {name}, which is sent in the header X-API-Key:", file=sys.stderr)
    print(made)


@key.command("list")
def listing(
    folder: _Folder = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List who has a key, and since when.

    Example: analysis serve key list
    """
    import json

    from analysis.service.keys.store import read_keys

    keys = read_keys(_file(folder))
    if as_json:
        print(json.dumps([{"name": one.name, "created": one.created} for one in keys], indent=2))
        return
    for one in keys:
        print(f"{one.created[:16].replace('T', ' ')}  {one.name}")
    if not keys:
        print("no keys: `analysis serve key add NAME` makes one")


@key.command("remove")
def remove(name: _Name, folder: _Folder = Path()) -> None:
    """Forget a key: servers that run refuse it from now on.

    Example: analysis serve key remove reports
    """
    from analysis.service.keys.store import remove_key

    remove_key(_file(folder), name)
    print(f"removed  the key of {name}")


def _file(folder: Path) -> Path:
    from analysis.project import find_project
    from analysis.service.keys.store import keys_file

    return keys_file(find_project(folder))
