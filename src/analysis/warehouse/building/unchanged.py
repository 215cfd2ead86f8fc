"""Whether the files of sources stayed as they were while they were read."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import Location, SourceError
from analysis.lineage.filedigests import FileDigests
from analysis.warehouse.building.plan import DIGESTS, Plan


def check_unchanged(plan: Plan) -> None:
    """Look once more at the files that were read, before what was made of them counts.

    Raises
    ------
    SourceError
        One changed: its rows may be those of a file that was half written.
    """
    digests = FileDigests(Path("/"), plan.project.work_dir / DIGESTS)
    for name in plan.sources.by_name:
        if plan.is_kept(name):
            continue
        then = plan.checksums[name]
        for place in plan.places[name]:
            if digests.of_file(str(place.path)) != then.get(place.label):
                raise SourceError(
                    f"a file of the source `{name}` changed while it was read",
                    Location(place.label),
                    "run `analysis ingest` again when it is whole",
                )
    digests.save()
