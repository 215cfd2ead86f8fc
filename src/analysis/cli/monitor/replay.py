"""``analysis monitor replay``: rows of the past, sent through the real server, in order."""

from __future__ import annotations

from pathlib import Path

from analysis.cli.monitor import replay_options as options


def replay(
    name: options.Name,
    folder: options.Folder = Path(),
    *,
    begin: options.First,
    last: options.Last,
    sample: options.Sample = None,
    url: options.Url = None,
    key: options.Key = None,
    batch: options.Batch = 1000,
    challenger: options.Challenger = 0.0,
    label_delay: options.LabelDelay = "2d",
    no_labels: options.NoLabels = False,
    again: options.Again = False,
) -> None:
    """Send rows of a sample to a server as if they came in now, and then what came true of them.

    What is in the log already is not sent again: a command that was interrupted goes on where it
    stopped.

    Example: analysis monitor replay late-flights --from 2013-07-01 --to 2013-12-31
    """
    from analysis.cli.monitor.replaying import Told, replayed
    from analysis.monitoring.replaying.span import delay_of, span_of
    from analysis.project import find_project

    told = Told(
        name=name,
        span=span_of(begin, last),
        sample=sample,
        url=url,
        key=key,
        batch=batch,
        share=challenger,
        delay=None if no_labels else delay_of(label_delay),
        again=again,
    )
    replayed(find_project(folder), told)
