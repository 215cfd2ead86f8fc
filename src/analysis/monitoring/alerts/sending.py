"""Sending a message through Apprise; the only file that knows it."""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from collections.abc import Iterator

from analysis.errors import AnalysisError
from analysis.monitoring.alerts.addresses import Recipient
from analysis.monitoring.alerts.news import Message

_LOGGER = "apprise"
_STATUS = re.compile(r"\berror=(\d+)")


class NotSentError(AnalysisError):
    """A message did not reach whom it is for; nothing of the address is said."""


def send(recipient: Recipient, message: Message) -> None:
    """Send a message.

    Raises
    ------
    NotSentError
        It did not arrive, as far as can be known.
    ProjectError
        A variable of the environment is not set.
    """
    try:
        from apprise import Apprise, NotifyType
    except ImportError:
        raise NotSentError(
            f"{recipient} cannot be told of alerts: Apprise is not installed",
            recipient.where,
            "install the extra `analysis[alerts]`",
        ) from None
    address = recipient.filled()
    with _listening() as said:
        try:
            service = Apprise()
            if not service.add(address):
                raise NotSentError(
                    f"{recipient} is no address that Apprise knows",
                    recipient.where,
                    "its documentation lists them: json://…, mailto://…, slack://…",
                )
            kind = NotifyType(message.kind)
            sent = service.notify(title=message.title, body=message.body, notify_type=kind)
        except AnalysisError:
            raise
        except Exception as error:  # of any of its hundred services
            raise _failed(recipient, type(error).__name__) from None
    if not sent:
        raise _failed(recipient, _reason(said))


def _failed(recipient: Recipient, why: str) -> NotSentError:
    return NotSentError(
        f"{recipient} could not be told of alerts: {why}",
        recipient.where,
        "it is tried again with the next `analysis monitor check`",
    )


def _reason(said: list[str]) -> str:
    """Say no more than a status: what a service says may hold any part of the address."""
    for text in said:
        if found := _STATUS.search(text):
            return f"the service answered {found[1]}"
    if any("onnection" in text for text in said):
        return "there is no connection"
    return "the service did not take the message"


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
    """Take what Apprise logs and warns of: it would be printed, with parts of addresses in it."""
    said: list[str] = []

    class Taking(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, handler = logging.getLogger(_LOGGER), Taking(logging.WARNING)
    propagates = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield said
    finally:
        logger.propagate = propagates
        logger.removeHandler(handler)
