"""A small client of a language server: for tests and for the bench.

It does what editors do and notes everything that the server sends. Requests of the server are
answered; a message that nothing here knows is an error of the test that uses the client.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TIMEOUT = 60.0  # seconds; generous: tests share the machine
KNOWN = frozenset(
    {
        "$/progress",
        "client/registerCapability",
        "client/unregisterCapability",
        "portLsp/didChangeIndex",
        "portLsp/status",
        "textDocument/publishDiagnostics",
        "window/logMessage",
        "window/showDocument",
        "window/workDoneProgress/create",
        "workspace/codeLens/refresh",
        "workspace/diagnostic/refresh",
    }
)

NEOVIM: Json = {
    "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit", "command"]},
        },
        "codeLens": {"resolveSupport": {"properties": ["command"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "implementation": {"linkSupport": True},
        "publishDiagnostics": {"relatedInformation": True},
        "synchronization": {"didSave": True},
    },
    "window": {"showDocument": {"support": True}, "workDoneProgress": True},
    "workspace": {
        "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]},
        "workspaceFolders": True,
    },
}

VSCODE: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        **NEOVIM["textDocument"],
        "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False},
        "implementation": {"dynamicRegistration": True, "linkSupport": True},
    },
    "window": {"showDocument": {"support": True}, "workDoneProgress": True},
    "workspace": {
        "codeLens": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "workspaceFolders": True,
    },
}


class ResponseError(Exception):
    """The server answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.error = error


@dataclass(slots=True)
class Seen:
    """Everything that the server sent besides answers, in order."""

    messages: list[Json] = field(default_factory=list[Json])
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, message: Json) -> None:
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()

    def of(self, method: str) -> list[Any]:
        """The parameters of all messages of one method."""
        with self.changed:
            return [one.get("params") for one in self.messages if one["method"] == method]


class Client:
    """A server process and the connection to it."""

    def __init__(
        self,
        arguments: tuple[str, ...] = (),
        program: tuple[str, ...] = ("-m", "port_lsp", "serve"),
    ) -> None:
        self.seen = Seen()
        self.shown: list[Json] = []
        self.unexpected: list[Json] = []
        self._waiting: dict[int, queue.Queue[Json]] = {}
        self._next = 0
        self._lock = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.stderr: list[bytes] = []
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        assert not self.unexpected, self.unexpected

    # What goes out

    def send_raw(self, data: bytes) -> None:
        """Sends bytes as they are."""
        stream = self.process.stdin
        assert stream is not None
        with self._lock:
            stream.write(data)
            stream.flush()

    def send(self, message: object) -> None:
        """Sends a JSON value as one message."""
        body = json.dumps(message).encode()
        self.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: object = None) -> None:
        """Sends a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: object = None) -> tuple[int, Callable[[], Any]]:
        """Sends a request; its id and a function that waits for the answer."""
        self._next += 1
        ident = self._next
        answers = self._waiting[ident] = queue.Queue()
        self.send({"jsonrpc": "2.0", "id": ident, "method": method, "params": params})

        def answer() -> Any:
            message = answers.get(timeout=TIMEOUT)
            if "error" in message:
                raise ResponseError(message["error"])
            return message["result"]

        return ident, answer

    def request(self, method: str, params: object = None) -> Any:
        """Sends a request and waits for its result. Raises ResponseError."""
        return self.ask(method, params)[1]()

    # What editors do

    def initialize(self, root: Path | None, capabilities: Json, **more: object) -> Json:
        """initialize and initialized; the result."""
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri() if root else None,
                "capabilities": capabilities,
                **more,
            },
        )
        self.notify("initialized", {})
        return result

    def open(self, path: Path, text: str | None = None, language: str = "python") -> str:
        """Opens a document; its URI."""
        content = text if text is not None else path.read_bytes().decode("utf-8")
        item = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": content}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return path.as_uri()

    def change(self, uri: str, version: int, *changes: Json) -> None:
        """Edits a document."""
        document = {"uri": uri, "version": version}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)}
        )

    def shut_down(self) -> int:
        """shutdown and exit; the exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(TIMEOUT)

    # What comes in

    def wait_for(
        self, method: str, when: Callable[[Any], bool] = lambda params: True, after: int = 0
    ) -> Any:
        """The parameters of the first message of a method for which `when` holds; `after` leaves
        out as many messages of any method."""
        end = time.monotonic() + TIMEOUT
        with self.seen.changed:
            while True:
                for message in self.seen.messages[after:]:
                    if message["method"] == method and when(message.get("params")):
                        return message.get("params")
                left = end - time.monotonic()
                if left <= 0 or not self.seen.changed.wait(left):
                    methods = [message["method"] for message in self.seen.messages]
                    raise TimeoutError(f"no {method} among {methods}; {self.log()}")

    def ready(self) -> Json:
        """Waits until the server has indexed; its status."""
        return self.wait_for("portLsp/status", lambda status: status["quiescent"])

    def log(self) -> str:
        """What the server wrote to stderr."""
        return b"".join(self.stderr).decode("utf-8", "replace")

    def _read(self) -> None:
        for message in _messages(self.process):
            if "method" not in message:
                self._waiting.pop(message.get("id", 0), self._stray()).put(message)
                continue
            if message["method"] not in KNOWN:
                self.unexpected.append(message)
            if "id" in message:
                self._answer(message)
            self.seen.add(message)

    def _stray(self) -> queue.Queue[Json]:
        return self._waiting.setdefault(-1, queue.Queue())

    def stray(self) -> Json:
        """The next answer that belongs to no request of ours (such as one to a broken one)."""
        return self._stray().get(timeout=TIMEOUT)

    def _answer(self, message: Json) -> None:
        result: Any = None
        if message["method"] == "window/showDocument":
            self.shown.append(message["params"])
            result = {"success": True}
        with suppress(OSError, ValueError):  # our end may be closed by now
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.stderr.append(line)


def _messages(process: subprocess.Popen[bytes]) -> Iterator[Json]:
    stream = process.stdout
    assert stream is not None
    while True:
        length = 0
        while (line := stream.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not line:
            return
        yield json.loads(stream.read(length))
