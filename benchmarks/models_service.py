"""The API beside vetiver's own server of the same model: one process each, in turn.

Both are asked over the same connections by the same program, on this machine. Ours logs each
prediction before it answers, and gives probabilities as well. Then a batch of rows is sent whole.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

import models_bundle
from models_load import Taken, load, requests
from models_sql import flights

FASTER, P99, BATCH_SECONDS = 3.0, 0.5, 0.1
CONNECTIONS, SECONDS, BATCH, TRAINED = 16, 4.0, 10_000, 30_000
BATCHES = 9
PARQUET = "application/vnd.apache.parquet"
_VETIVER = """
import sys, warnings
warnings.simplefilter("ignore")
import joblib, pandas as pd, uvicorn
from vetiver import VetiverAPI, VetiverModel

model, prototype = joblib.load(sys.argv[1])
api = VetiverAPI(VetiverModel(model, "late-flights", prototype_data=prototype))
uvicorn.run(api.app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def pipelines() -> dict[str, Any]:
    """Give the models: both take texts and numbers as they are sent."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    texts = ["carrier", "origin"]
    numbers = [name for name in flights(10)[0] if name not in texts]
    coded = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    boosting = HistGradientBoostingClassifier(
        max_iter=300, early_stopping=False, categorical_features=[0, 1], random_state=0
    )
    scaled = make_pipeline(SimpleImputer(), StandardScaler())
    return {
        "histogram boosting, 300 trees": make_pipeline(
            make_column_transformer((coded, texts), ("passthrough", numbers)), boosting
        ),
        "logistic regression": make_pipeline(
            make_column_transformer(
                (scaled, numbers), (OneHotEncoder(handle_unknown="ignore"), texts)
            ),
            LogisticRegression(max_iter=1000),
        ),
    }


def measure(repeats: int) -> bool:
    """Print rates and times; say whether the marks were reached."""
    frame, late = flights(TRAINED)
    frame, late = frame.dropna(), late[frame.notna().all(axis=1)]
    print(f"one row a request, {CONNECTIONS} connections, median of {repeats} times {SECONDS} s")
    reached = []
    for name, pipeline in pipelines().items():
        print(name)
        with tempfile.TemporaryDirectory() as folder:
            reached.append(_measure(Path(folder), pipeline.fit(frame, late), frame, repeats))
    return all(reached)


def _measure(folder: Path, pipeline: Any, frame: pd.DataFrame, repeats: int) -> bool:
    rows = models_bundle.records(frame.head(1_000))
    asked = requests([json.dumps([row]).encode() for row in rows])
    taken: dict[str, list[Taken]] = {"ours": [], "vetiver": []}
    with ExitStack() as stack:
        urls = {
            "ours": stack.enter_context(_ours(folder / "project", pipeline, frame)),
            "vetiver": stack.enter_context(_vetiver(folder, pipeline, frame)),
        }
        _check_same(urls, asked)
        for _ in range(repeats):
            for who, url in urls.items():
                taken[who].append(load(url, asked, CONNECTIONS, SECONDS))
        rows_of_batch = pd.concat([frame] * (BATCH // len(frame) + 1)).head(BATCH)
        batches = [_batch(urls, rows_of_batch, kind) for kind in ("application/json", PARQUET)]
        _print_alone(pipeline, rows_of_batch)
    rate, p99 = (_ratio(taken, get) for get in (lambda one: one.rate, lambda one: one.p99))
    for who, found in taken.items():
        rates, tails = [one.rate for one in found], [one.p99 * 1000 for one in found]
        print(
            f"  {who:<8}{statistics.median(rates):>8.0f} requests/s "
            f"({min(rates):.0f} to {max(rates):.0f}), "
            f"p99 {statistics.median(tails):.1f} ms ({min(tails):.1f} to {max(tails):.1f})"
        )
    _verdict("requests a second, ratio", rate, FASTER, rate >= FASTER)
    _verdict("p99, ratio", p99, P99, p99 <= P99)
    return rate >= FASTER and p99 <= P99 and all(batches)


def _ratio(taken: dict[str, list[Taken]], get: Callable[[Taken], float]) -> float:
    ours, theirs = (statistics.median(map(get, taken[who])) for who in ("ours", "vetiver"))
    return ours / theirs


def _batch(urls: dict[str, str], rows: pd.DataFrame, kind: str) -> bool:
    """Time a batch; vetiver takes only JSON."""
    body = _parquet(rows) if kind == PARQUET else json.dumps(models_bundle.records(rows)).encode()
    asked = requests([body], kind)
    for _ in range(2):
        load(urls["ours"], asked, 1, 0)
    seconds = [load(urls["ours"], asked, 1, 0).seconds[0] for _ in range(BATCHES)]
    middle = statistics.median(seconds)
    named = kind.rpartition(".")[2].rpartition("/")[2]
    told = f"{BATCH:,} rows, {named} ({min(seconds):.3f} to {max(seconds):.3f} s)"
    _verdict(told, middle, BATCH_SECONDS, middle <= BATCH_SECONDS)
    if kind != PARQUET:
        theirs = [load(urls["vetiver"], asked, 1, 0).seconds[0] for _ in range(3)]
        print(f"  {'vetiver':<58}{statistics.median(theirs):>8.3f}")
    return middle <= BATCH_SECONDS


def _print_alone(pipeline: Any, rows: pd.DataFrame) -> None:
    """Print what of a batch's time scikit-learn itself would take, with all its threads."""
    taken = []
    for _ in range(BATCHES):
        begun = time.perf_counter()
        pipeline.predict_proba(rows)
        taken.append(time.perf_counter() - begun)
    print(f"  {'scikit-learn, from a frame to probabilities':<58}{statistics.median(taken):>8.3f}")


def _verdict(what: str, value: float, mark: float, is_reached: bool) -> None:
    print(f"  {what:<58}{value:>8.3f}  mark {mark}  {'ok' if is_reached else 'MISSED'}")


def _parquet(rows: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    rows.astype({"carrier": str, "origin": str}).to_parquet(file, index=False)
    return file.getvalue()


def _check_same(urls: dict[str, str], asked: Sequence[bytes]) -> None:
    """See that both predict the same classes."""
    for one in asked[:100]:
        body = one.partition(b"\r\n\r\n")[2]
        found = [_post(f"{url}/predict", body)["predict"] for url in urls.values()]
        if found[0] != found[1]:
            raise SystemExit(f"they do not predict the same: {found}")


def _post(url: str, body: bytes) -> Any:
    headers = {"content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)


@contextmanager
def _ours(root: Path, pipeline: Any, frame: pd.DataFrame) -> Iterator[str]:
    models_bundle.write_version(root, pipeline, frame)
    command = [str(Path(sys.executable).with_name("analysis")), "serve", "model"]
    with _served([*command, f"{models_bundle.NAME}@1", str(root), "--port"]) as url:
        yield url


@contextmanager
def _vetiver(folder: Path, pipeline: Any, frame: pd.DataFrame) -> Iterator[str]:
    # Texts, as they come from JSON.
    prototype = frame.head(1).astype({"carrier": str, "origin": str})
    joblib.dump((pipeline, prototype), folder / "model.joblib")
    command = [sys.executable, "-c", _VETIVER, str(folder / "model.joblib")]
    with _served(command) as url:
        yield url


@contextmanager
def _served(command: list[str]) -> Iterator[str]:
    """Start a server; the port is the last word of its command."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, env=os.environ)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/ping").close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("a server did not start")
