"""Checks of what runs the project: git, the kernel, the lock, the graph, and what comes later."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from analysis.errors import LockedError
from analysis.files import project_lock
from analysis.project import Project
from analysis.project.git import git
from analysis.report.services.service import Finding, broken, missing, ok, warning


def check_versions(project: Project) -> Finding:
    """See whether git keeps the project, and what must be in it to get the same results."""
    if not shutil.which("git"):
        return missing("git is not installed", "install git, and commit the project")
    if git(project.root, "rev-parse", "--is-inside-work-tree") != "true":
        return missing("this folder is in no git repository", "run `git init`, and commit")
    wanted = ("_quarto.yml", "data/sources.yml", "data/sources.lock", "_freeze")
    there = [name for name in wanted if (project.root / name).exists()]
    left = [name for name in there if not git(project.root, "ls-files", "--", name)]
    if left:
        return warning(f"git does not keep {', '.join(left)}", f"run `git add {' '.join(left)}`")
    return ok(f"git keeps {', '.join(there)}")


def check_kernel(project: Project) -> Finding:
    """See whether the kernel of the project's documents is installed."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    name = _kernel_name(project.metadata.get("jupyter"))
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        known = ", ".join(sorted(KernelSpecManager().find_kernel_specs())) or "none"
        return broken(
            f"there is no Jupyter kernel `{name}`",
            f"name another in _quarto.yml, or install it; known kernels: {known}",
        )
    if spec.language.lower() != "python":
        return broken(f"the kernel `{name}` runs {spec.language}", "name a kernel for Python")
    if not shutil.which(spec.argv[0]):
        return broken(
            f"the program of the kernel `{name}` is gone: {Path(spec.argv[0]).name}",
            "install the kernel again: `python -m ipykernel install --user`",
        )
    return ok(f"the kernel `{name}` is installed ({spec.display_name})")


def _kernel_name(declared: Any) -> str:
    if isinstance(declared, dict):
        declared = (declared.get("kernelspec") or {}).get("name")
    return str(declared or "python3")


def check_queue(project: Project) -> Finding:
    """See whether runs can wait for each other."""
    try:
        with project_lock(project.work_dir / "lock.probe", wait=False):
            pass
        (project.work_dir / "lock.probe").unlink(missing_ok=True)
    except LockedError:
        pass  # another check is at it: so locks work
    except OSError as error:
        return broken(
            f"runs cannot be kept apart in .analysis: {error.strerror}",
            "make the folder writable, on a disk with file locks",
        )
    return ok("runs wait for each other, and a run works on its pages in parallel")


def check_graph(project: Project) -> Finding:
    """See whether it is recorded what relations and pages read."""
    from analysis.lineage.relations import read_relations

    relations = read_relations(project)
    views = [r for name, r in relations.items() if r.reads and not name.startswith("meta.")]
    if not relations and (project.root / "data" / "sources.yml").is_file():
        return broken("what the relations read is not known", "run `analysis ingest --force`")
    edges = sum(len(view.reads) for view in views)
    return ok(
        f"{len(views)} views with {edges} edges are known; each page records what it reads"
        if views
        else "each page records what it reads"
    )


def check_monitors(project: Project) -> Finding:
    """See whether monitors are declared."""
    # A listing, so that the page of services runs again when there are any.
    if any((project.root / "data").glob("monitors.yml")):
        return ok("monitors are declared in data/monitors.yml")
    return missing("not set up yet: there is no data/monitors.yml", "nothing, until it is needed")
