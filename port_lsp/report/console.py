"""The console that text for people goes to."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

import click
from rich.console import Console

_PLAIN_WIDTH = 10_000  # a pipe or a file has no width: nothing may be cut off


@contextmanager
def console_to(output: str | None) -> Generator[Console, None, None]:
    """A console for a file or for standard output; colours only on a terminal without NO_COLOR.

    Raises click's FileError where the file can't be written.
    """
    if output is None:
        yield _console(sys.stdout.isatty())
        return
    try:
        with open(output, "w", encoding="utf-8", newline="\n") as file:
            yield Console(file=file, highlight=False, width=_PLAIN_WIDTH, soft_wrap=True)
    except OSError as error:
        raise click.FileError(output, error.strerror or str(error)) from error


def _console(is_terminal: bool) -> Console:
    if is_terminal and os.environ.get("TERM") != "dumb":
        return Console(highlight=False)
    return Console(highlight=False, width=_PLAIN_WIDTH, soft_wrap=True, force_terminal=False)
