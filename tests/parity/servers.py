"""Little servers that answer what a test says, and remember what they were asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]
Answering = Callable[[str, str, bytes], "Reply | None"]


def as_json(status: int, value: Any, **headers: str) -> Reply:
    """An answer in JSON."""
    return status, {"content-type": "application/json", **headers}, json.dumps(value).encode()


class Server:
    """One server: `asked` are the method and path of each request, with its headers."""

    def __init__(self, answering: Answering) -> None:
        """`answering` takes method, path and body; None closes the connection without an answer."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append((f"{self.command} {self.path}", headers))
                body = self.rfile.read(int(headers.get("content-length", 0)))
                reply = answering(self.command, self.path, body)
                if reply is None:
                    self.close_connection = True
                    return
                status, given, content = reply
                self.send_response(status)
                for name, value in given.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - http.server's names

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Generator[Server, None, None]:
        """While it runs."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
