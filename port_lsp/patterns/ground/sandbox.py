"""Templates in a sandbox: they see what they are given, and end.

Jinja's docs, "Sandbox". What it leaves open is how long a template runs and how much it writes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

SECONDS = 5.0
_MOST = 2_000_000  # characters that one template may write
_REPORTED = "__jinja_exception__"  # what Jinja runs to put an error into a traceback


class TemplateFailedError(ValueError):
    """A template can't be used; the message has its file and line."""


class _EndlessError(Exception):
    """A template that ran or wrote too long."""


class _Environment(SandboxedEnvironment):
    """Jinja's sandbox, in which nothing is multiplied into something that fills the memory."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """`left operator right`."""
        large = operator == "**" and max(abs(left), abs(right)) > 1000
        for one, other in ((left, right), (right, left)):
            large |= hasattr(one, "__len__") and len(one) * other > _MOST
        if large:
            raise _EndlessError
        return super().call_binop(context, operator, left, right)


class Templates:
    """The templates of some folders, the nearest first."""

    def __init__(self, folders: Iterable[str], seconds: float = SECONDS) -> None:
        """`seconds` is how long one may run."""
        self._seconds = seconds
        self._environment = _Environment(
            loader=FileSystemLoader(list(folders)),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The text that a template gives. Raises TemplateFailedError."""
        try:
            template = self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise TemplateFailedError(_said(error, error.filename or name, error.lineno)) from None
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise TemplateFailedError(f"{name}: {error}") from None
        file = template.filename or name
        deadline = time.monotonic() + self._seconds
        last = 0

        def look(frame: FrameType, event: str, _: object) -> Any:
            nonlocal last
            ours = frame.f_code.co_filename == file and _REPORTED not in frame.f_globals
            if ours and event == "line":
                last = template.get_corresponding_lineno(frame.f_lineno)
            if time.monotonic() > deadline:
                raise _EndlessError
            return look

        before = sys.gettrace()
        written: list[str] = []
        size = 0
        try:
            sys.settrace(look)
            for part in template.generate(**values):
                written.append(part)
                size += len(part)
                if size > _MOST:
                    raise _EndlessError
        except _EndlessError:
            reason = f"it doesn't end within {self._seconds:g} s and {_MOST} characters"
            raise TemplateFailedError(_said(reason, file, last)) from None
        except Exception as error:  # noqa: BLE001 - a template may fail in any way
            raise TemplateFailedError(_said(error, file, last)) from None
        finally:
            sys.settrace(before)
        return "".join(written)


def _said(error: object, file: str, line: int) -> str:
    return f"{file}:{max(line, 1)}: {error}"
