"""What is logged, to stderr alone: editors show it in the server's output."""

import logging
import sys

from pygls.exceptions import JsonRpcException

LEVELS = ("error", "warning", "info", "debug")


def configure(level: str) -> None:
    """Logs from `level` on ("warning"…)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(_is_worth_it)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # At INFO pygls logs the body of every message.
    logging.getLogger("pygls").setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


def _is_worth_it(record: logging.LogRecord) -> bool:
    """Without pygls' tracebacks of errors that are answers: a refusal is no mistake of ours."""
    error = record.exc_info[1] if record.exc_info else None
    return not (record.name.startswith("pygls") and isinstance(error, JsonRpcException))
