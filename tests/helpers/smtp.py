"""A small mail server that keeps what it is sent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Mailbox:
    """What came in at ``port``; with ``refuse`` nothing is taken."""

    port: int = 0
    refuse: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve SMTP on a free port of this machine."""
    box = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 tests")
            while line := self.rfile.readline():
                word = line.decode("latin-1").strip()
                command = word[:4].upper()
                if command == "QUIT":
                    self.say("221 bye")
                    return
                if command == "DATA":
                    self.take()
                elif command == "RCPT" and box.refuse:
                    self.say("550 no such mailbox")
                else:
                    if command == "RCPT":
                        box.recipients.append(word.partition("<")[2].partition(">")[0])
                    self.say("250 tests")

        def take(self) -> None:
            self.say("354 go on")
            lines = iter(self.rfile.readline, b".\r\n")
            content = b"".join(line[1:] if line.startswith(b"..") else line for line in lines)
            mail = message_from_bytes(content, policy=policy.default)
            box.mails.append(cast(EmailMessage, mail))
            self.say("250 kept")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
