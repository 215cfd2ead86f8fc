"""Live relations of the schema ``meta``: they tell what the programs write, as it is now.

They are views on files, so that a page which reads them sees the runs before its own. Their
fingerprints are those of these files' content, and not of anything in the warehouse.
"""

from __future__ import annotations

# The kind of input that they are.
KIND = "system"
DOCUMENTS = "meta.documents"
INPUTS = "meta.inputs"
RELEASES = "meta.releases"
SYSTEM = (DOCUMENTS, INPUTS, RELEASES)

# The file of which the first two are views, relative to the project's root.
GRAPH = ".analysis/graph.json"
# Variables of a connection: the root, with what a pattern would take for itself escaped, and the
# release that is served.
ROOT_VARIABLE = "analysis_root"
RELEASE_VARIABLE = "analysis_release"
# Where runs of experiments lie: ``<experiment>/experiment.json`` and ``<experiment>/<run>/``.
RUNS_FOLDER = "data/runs"
