"""A site put plainly into a folder: ours is kept up to date, what is not ours stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ReleaseError
from analysis.site.plain import write_plain


def _staging(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "files.json"
    }


def test_writes_updates_and_removes_only_its_own(tmp_path: Path) -> None:
    output = tmp_path / "out" / "site"
    write_plain(_staging(tmp_path / "1", index_html="one", sub__a_html="a", b_css="b"), output)
    assert _files(output) == {"index.html": "one", "sub/a.html": "a", "b.css": "b"}
    (output / "CNAME").write_text("example.org")
    (output / "sub" / "note.txt").write_text("mine")
    write_plain(_staging(tmp_path / "2", index_html="two"), output)
    assert _files(output) == {"index.html": "two", "CNAME": "example.org", "sub/note.txt": "mine"}


def test_unchanged_files_are_not_written_again(tmp_path: Path) -> None:
    output = tmp_path / "out"
    staging = _staging(tmp_path / "1", index_html="one")
    write_plain(staging, output)
    before = (output / "index.html").stat().st_ino
    write_plain(staging, output)
    assert (output / "index.html").stat().st_ino == before


def test_refuses_a_folder_with_other_things_in_it(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "thesis.txt").write_text("years of work")
    with pytest.raises(ReleaseError, match="not empty and is no site of ours"):
        write_plain(_staging(tmp_path / "1", index_html="one"), output)
    assert _files(output) == {"thesis.txt": "years of work"}


def test_refuses_to_replace_a_file_that_came_later(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write_plain(_staging(tmp_path / "1", index_html="one"), output)
    (output / "a.html").write_text("mine")
    with pytest.raises(ReleaseError, match=r"`a\.html` is there already"):
        write_plain(_staging(tmp_path / "2", index_html="two", a_html="a"), output)
    assert _files(output) == {"index.html": "one", "a.html": "mine"}


def test_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(ReleaseError, match="is a file"):
        write_plain(_staging(tmp_path / "1", index_html="one"), tmp_path / "out")


def test_a_tampered_list_removes_nothing_outside(tmp_path: Path) -> None:
    output = tmp_path / "out"
    write_plain(_staging(tmp_path / "1", index_html="one"), output)
    (tmp_path / "outside.txt").write_text("mine")
    (output / "site_libs/analysis/files.json").write_text('["../outside.txt", "index.html"]')
    write_plain(_staging(tmp_path / "2", index_html="two"), output)
    assert (tmp_path / "outside.txt").read_text() == "mine"
