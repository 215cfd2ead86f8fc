"""A document: its text, its merged metadata, its cells, and how it is to be executed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.documents import cells, ipynb, metadata, titles
from analysis.documents.cells import Block, Code, Markdown, Raw
from analysis.documents.declared import Declared, declared
from analysis.documents.includes import expand
from analysis.documents.inline import expressions
from analysis.documents.options import (
    EXECUTE_KEYS,
    KNOWN,
    ExecuteOptions,
    execute_options,
    suggestion,
)
from analysis.errors import DocumentError, Location
from analysis.project import Project, Yaml
from analysis.project.project import read_text


@dataclass(frozen=True)
class Document:
    """A source file, read and understood but not executed.

    Parameters
    ----------
    source
        Path of the file, POSIX, relative to the project root.
    text
        Its content, with LF line ends.
    expanded
        The content with included files in place; the Markdown of its cells for a notebook.
    metadata
        Front matter over ``_metadata.yml`` files over ``_quarto.yml``.
    includes, metadata_files
        The other files that this was read from, relative to the root.
    blocks
        Front matter, Markdown and code cells in order, with the file and line of each.
    execute
        How it is executed.
    kernel
        The name of the Jupyter kernel, where one is named.
    declared
        What it says below ``analysis:``.
    warnings
        What has no effect or looks wrong, and where.
    """

    source: str
    text: str
    expanded: str
    metadata: Mapping[str, Any]
    includes: tuple[str, ...]
    metadata_files: tuple[str, ...]
    blocks: tuple[Block, ...]
    execute: ExecuteOptions
    kernel: str | None
    declared: Declared
    warnings: tuple[tuple[Location, str], ...]

    @property
    def quarto_hash(self) -> str:
        """Fingerprint the text as Quarto's freeze does."""
        return hashlib.md5(self.text.encode(), usedforsecurity=False).hexdigest()

    @property
    def has_cells(self) -> bool:
        """Say whether there are code cells or inline expressions, to be executed or not."""
        if self.metadata.get("engine") == "markdown":
            return False
        return any(isinstance(block, Code) or expressions(block) for block in self.blocks)

    @property
    def has_code(self) -> bool:
        """Say whether there is something to execute."""
        return self.execute.enabled and self.has_cells


def read_document(project: Project, source: str) -> Document:
    """Read the document at ``source``, a POSIX path relative to the project root.

    Raises
    ------
    DocumentError
        Its front matter, an include, a cell or a cell's options are wrong.
    ProjectError
        The file, or one of its metadata files, cannot be read.
    """
    text = read_text(project.root / source, source)
    warnings: cells.Warnings = []
    includes: tuple[str, ...] = ()
    is_notebook = source.endswith(".ipynb")
    if is_notebook:
        blocks = ipynb.blocks(text, source)
    else:
        lines, includes = expand(project, source, text)
        blocks = cells.split(lines, warnings)
    front = _front_matter(blocks, source)
    merged, metadata_files = metadata.merged(project, source, front.value or {})
    execute = _execute_options(merged, front, enabled=not is_notebook)
    if any(isinstance(block, Code) for block in blocks):
        blocks, merged = titles.with_title(blocks, merged)
    _check_cells(blocks, warnings)
    _check_execute(front, warnings)
    expanded = _joined(blocks) if is_notebook else "".join(f"{line.text}\n" for line in lines)
    return Document(
        source=source,
        text=text,
        expanded=expanded if text else "",
        metadata=merged,
        includes=includes,
        metadata_files=metadata_files,
        blocks=blocks,
        execute=execute,
        kernel=_kernel(merged) or (ipynb.kernel(text) if is_notebook else None),
        declared=declared(project, source, merged, front, metadata_files),
        warnings=tuple(warnings),
    )


def _front_matter(blocks: tuple[Block, ...], source: str) -> Yaml:
    first = blocks[0] if blocks else None
    if isinstance(first, Raw) and first.text.startswith("---"):
        return metadata.front_matter(first.text, first.where)
    return Yaml(source, None, {})


def _execute_options(merged: Mapping[str, Any], front: Yaml, *, enabled: bool) -> ExecuteOptions:
    # A notebook's own results count unless the document itself asks for execution.
    if not enabled:
        section = (front.value or {}).get("execute")
        asked = section.get("enabled") if isinstance(section, dict) else section
        section = {**_mapping(merged.get("execute")), "enabled": asked is True}
        merged = {**merged, "execute": section}
    try:
        return execute_options(merged, enabled=enabled)
    except ValueError as error:
        key, fitting = error.args
        where = front.where("execute", key) if front.value else Location(front.path, 1)
        raise DocumentError(
            f"`{key}` is not {fitting}",
            where,
            "times are in seconds, sizes of figures in inches",
        ) from None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _kernel(merged: Mapping[str, Any]) -> str | None:
    jupyter = merged.get("jupyter")
    if isinstance(jupyter, Mapping):
        spec = jupyter.get("kernelspec")
        jupyter = spec.get("name") if isinstance(spec, Mapping) else jupyter.get("kernel")
    return str(jupyter) if jupyter else None


def _check_cells(blocks: tuple[Block, ...], warnings: cells.Warnings) -> None:
    labels: dict[str, Location] = {}
    for block in blocks:
        if not isinstance(block, Code):
            continue
        label = block.options.get("label")
        if label is not None and str(label) in labels:
            raise DocumentError(
                f"the label `{label}` is used twice; first at {labels[str(label)]}",
                block.fence,
                "give each cell a label of its own",
            )
        labels[str(label)] = block.fence
        for key in block.options.keys() - KNOWN:
            warnings.append(
                (_option_line(block, key), f"unknown cell option `{key}`{suggestion(key, KNOWN)}")
            )


def _option_line(block: Code, key: str) -> Location:
    begins = (
        line.where for line in block.option_lines if line.text.lstrip("#| ").startswith(f"{key}:")
    )
    return next(begins, block.fence)


def _check_execute(front: Yaml, warnings: cells.Warnings) -> None:
    section = (front.value or {}).get("execute")
    for key in _mapping(section).keys() - EXECUTE_KEYS:
        message = f"unknown key `execute: {key}`{suggestion(str(key), EXECUTE_KEYS)}"
        warnings.append((front.where("execute", str(key)), message))


def _joined(blocks: tuple[Block, ...]) -> str:
    texts = [block.text for block in blocks if isinstance(block, Raw | Markdown)]
    return "\n\n".join(texts) + "\n"
