"""Files on other machines: https, s3, gcs and azure, downloaded once for each state."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from analysis.errors import Location, SourceError
from analysis.files import digest, digest_file, fresh_folder
from analysis.redaction import Address, fill
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Request

DOWNLOADS = "downloads"
PROTOCOLS = ("https", "http", "s3", "gs", "gcs", "az", "abfs", "abfss")
# No raw data of a report is larger than this; what is, is a mistake, and would fill the disk.
MOST_BYTES = 50_000_000_000
CONNECT_SECONDS = 20
READ_SECONDS = 60
# What services call the checksum of a file, and the time of its last change.
CHECKSUMS = ("etag", "md5hash", "contentmd5", "digest", "crc32c")
TIMES = ("lastmodified", "updated", "mtime")
DENIED, MISSING = (401, 403), (404, 410)


@dataclass(frozen=True)
class Remote:
    """A file behind an address; ``fs`` is fsspec's file system for it."""

    request: Request
    address: Address
    fs: Any
    path: str

    @contextmanager
    def told(self) -> Iterator[None]:
        """Make one error of what any of the libraries says, without the secrets."""
        try:
            yield
        except SourceError:
            raise
        except ImportError as error:
            raise _not_installed(self.request, error) from None
        except Exception as error:
            raise self._error(error) from None

    def _error(self, error: Exception) -> SourceError:
        # fsspec says that a file is not there, whatever went wrong with the request.
        cause = error.__cause__ or error
        where = self.request.where("url")
        status = getattr(cause, "status", None)
        if isinstance(cause, PermissionError) or status in DENIED:
            hint = "see that the credentials in the environment are right and may read it"
            return SourceError(
                f"{self.address} may not be read ({status or 'denied'})", where, hint
            )
        if isinstance(cause, FileNotFoundError) or status in MISSING:
            return SourceError(f"{self.address} is not there", where, "correct the address")
        lines = self.address.redact(cause).strip().splitlines() or [type(cause).__name__]
        return SourceError(
            f"{self.address} cannot be read: {lines[0]}",
            where,
            "see that the network and the server work, and try again",
        )


def state(request: Request) -> Mapping[str, str]:
    """Fingerprint what the server tells of the file; if that is too little, the file itself.

    Raises
    ------
    SourceError
        It cannot be reached.
    """
    remote = _open(request)
    return {str(remote.address): _told(remote) or digest_file(_download(remote))}


def fetched(request: Request) -> Request:
    """Download the file, unless it is here in its present state; ask for that one instead.

    Raises
    ------
    SourceError
        It cannot be reached, or is cut off, or too large.
    """
    remote = _open(request)
    told = _told(remote)
    path = _target(remote, told) if told else None
    if path is None or not path.is_file():
        path = _download(remote, told)
    label = str(remote.address)
    if not path.stat().st_size:
        raise SourceError(f"{label} is empty", request.where("url"))
    return replace(request, places=(Place(path, label),))


def _open(request: Request) -> Remote:
    where = request.where("url")
    address = fill(str(request.source.url), where)
    protocol = address.secret.partition("://")[0]
    if protocol not in PROTOCOLS or "::" in address.secret:
        raise SourceError(
            f"{address} cannot be read as a file on another machine",
            where,
            f"use one of {', '.join(PROTOCOLS)}",
        )
    remote = Remote(request, address, None, "")
    with remote.told():
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]

        options = {"skip_instance_cache": True, "use_listings_cache": False}
        fs, path = url_to_fs(address.secret, **options, **_options(protocol))
    return Remote(request, address, fs, path)


def _options(protocol: str) -> Mapping[str, Any]:
    """Choose how long to wait, in the words of each library."""
    if protocol in ("http", "https"):
        import aiohttp

        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
        )
        # Packed on the way, a file would not have the size that is told.
        headers = {"Accept-Encoding": "identity"}
        return {"client_kwargs": {"timeout": timeout, "trust_env": True}, "headers": headers}
    if protocol == "s3":
        timeouts = {"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS}
        return {"config_kwargs": timeouts}
    return {}


def _told(remote: Remote) -> str | None:
    """Fingerprint what the service says of the file; ``None`` if that does not tell of changes."""
    with remote.told():
        info = remote.fs.info(remote.path)
    plain = {re.sub(r"[^a-z0-9]", "", str(key).lower()): str(info[key]) for key in info}
    for keys in (CHECKSUMS, TIMES):
        if found := {key: plain[key] for key in keys if key in plain}:
            return digest(repr((sorted(found.items()), plain.get("size"))).encode())
    return None


def _target(remote: Remote, told: str) -> Path:
    folder = remote.request.project.work_dir / DOWNLOADS / remote.request.name
    name = PurePosixPath(unquote(urlsplit(remote.address.secret).path)).name
    # How the name ends says how it is packed.
    return folder / f"{told[:16]}-{re.sub(r'[^A-Za-z0-9._-]', '_', name)[-80:]}"


def _download(remote: Remote, told: str | None = None) -> Path:
    """Put the file beside the project's other scratch files, in one rename; older ones go."""
    downloads = remote.request.project.work_dir / DOWNLOADS
    with fresh_folder(downloads, ".download-") as scratch:
        file = scratch / "file"
        with remote.told():
            from fsspec.callbacks import Callback  # type: ignore[import-untyped]

            callback = Callback()
            callback.relative_update = partial(_count, remote, [0])
            size = remote.fs.info(remote.path).get("size")
            remote.fs.get_file(remote.path, str(file), callback=callback)
        if size is not None and file.stat().st_size != size:
            raise SourceError(
                f"{remote.address} is cut off: {file.stat().st_size:,} of {size:,} bytes came",
                remote.request.where("url"),
                "try again",
            )
        target = _target(remote, told or digest_file(file))
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True)
        file.replace(target)
    return target


def _count(remote: Remote, so_far: list[int], more: int = 1) -> None:
    so_far[0] += more
    if so_far[0] > MOST_BYTES:
        raise SourceError(
            f"{remote.address} has more than {MOST_BYTES:,} bytes",
            remote.request.where("url"),
            "download it yourself, and declare the file",
        )


def _not_installed(request: Request, error: ImportError) -> SourceError:
    where: Location = request.where("url")
    return SourceError(
        f"the library for this address is not installed: {error.name or error}",
        where,
        "pip install 'analysis[url]'",
    )
