"""``analysis serve model``: a version of a model as an API."""

from __future__ import annotations

from pathlib import Path

from analysis.cli.serve import options


def model(
    name: options.Name,
    folder: options.Folder = Path(),
    stage: options.Stage = "champion",
    host: options.Host = "127.0.0.1",
    port: options.Port = 8000,
    challenger: options.Challenger = 0.0,
    shadow: options.Shadow = False,
    out_of_range: options.OutOfRange = "refuse",
    sample: options.Sample = None,
    require_key: options.RequireKey = False,
    max_body: options.MaxBody = 32,
    max_rows: options.MaxRows = 50_000,
    timeout: options.Timeout = 30,
    concurrency: options.Concurrency = 256,
    personal: options.Personal = "hash",
    fsync: options.Fsync = False,
) -> None:
    """Serve a model until the process is told to end.

    Every prediction is logged before it is answered. Beyond this machine, callers need a key.

    Example: analysis serve model late-flights --port 8000
    """
    from analysis.cli.serve.starting import Told, start
    from analysis.cli.serve.words import one_of

    stages = ("candidate", "challenger", "champion", "retired")
    told = Told(
        name=name,
        folder=folder,
        stage=one_of(stage, stages, "stage"),
        host=host,
        port=port,
        share=challenger,
        shadow=shadow,
        anywhere=one_of(out_of_range, ("refuse", "allow"), "--out-of-range") == "allow",
        sample=sample,
        require_key=require_key,
        body=max_body,
        rows=max_rows,
        seconds=timeout,
        concurrency=concurrency,
        omits=one_of(personal, ("hash", "omit"), "--personal") == "omit",
        fsync=fsync,
    )
    start(told)
