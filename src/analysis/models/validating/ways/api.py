"""Predicting by a server, which is asked as the bundle's ``validate.py`` asks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from analysis.errors import ModelError
from analysis.models.bundle.record import MODEL
from analysis.models.validating.shipped import (
    BATCH,
    RefusedError,
    Server,
    UnknownError,
    answers,
    served_model,
)
from analysis.models.validating.subject import Answers, Subject, WrongError


@dataclass(frozen=True)
class Api:
    """A server, and the key that it may want; ``version`` is that of its software, if known.

    ``url`` waits until the server is there, if it was only just started.
    """

    url: Callable[[], str]
    key: str | None = None
    version: str = ""

    def __call__(self, subject: Subject) -> Answers:
        """Send the golden cases to the server.

        Raises
        ------
        ModelError
            It gives no answer, so that it is not known what it predicts.
        WrongError
            It does not take inputs that the model takes.
        """
        told = {"fields": [asdict(field) for field in subject.bundle.fields]}
        cases = [asdict(case) for case in subject.golden]
        try:
            server = Server(self.url(), self.key)
            wrong = _other_model(subject, served_model(server))
            return Answers(self.version, answers(server, told, cases, BATCH), wrong)
        except RefusedError as error:
            raise WrongError(f"it refuses golden cases: {error}") from None
        except UnknownError as error:
            raise ModelError(
                f"it cannot be found out what the server predicts: {error}",
                hint="see that it runs, and that the key in ANALYSIS_API_KEY is right",
            ) from None


def _other_model(subject: Subject, served: str | None) -> str | None:
    told = subject.bundle.file(MODEL)
    if served is None or (told is not None and served == told.sha256):
        return None
    return f"the server has another model: SHA-256 {served[:16]}…"
