"""The command `port-lsp`. Each subcommand is a module of `commands`, imported when it is called.

Exit codes: 0 done, 1 `check` found something, 2 wrong use or configuration, 3 no backend found;
130 after Ctrl-C. Nothing ever shows a traceback: it goes to the log.
"""

import logging
import signal
import sys
from importlib import import_module
from typing import Any

import click

from port_lsp import __version__
from port_lsp.commands.log import log_path

_COMMANDS = ("serve", "check", "report", "export", "explain", "port", "parity", "config")
WRONG = 2
_INTERRUPTED = 128 + signal.SIGINT


class _Commands(click.Group):
    """Imports a subcommand's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return import_module(f"port_lsp.commands.{cmd_name}").command


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="port-lsp", message="%(prog)s %(version)s")
def cli() -> None:
    """Shows how far a Python backend's port to Rust is, and what has drifted apart.

    Without options, the backend and the crate are looked for below the current folder and above
    it, up to the repository's top.
    """


def main() -> None:
    """Runs the command line and ends the process."""
    if sys.argv[1:2] != ["serve"] and hasattr(signal, "SIGPIPE"):
        # Whoever reads our output may stop early, as `head` does: end as other programs do.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run())


def run(args: list[str] | None = None) -> int:
    """Runs the command line; the exit code."""
    try:
        code: Any = cli.main(args, prog_name="port-lsp", standalone_mode=False)
    except click.exceptions.Abort:
        return _INTERRUPTED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except click.ClickException as error:
        error.show()
        return WRONG
    except Exception as error:  # a mistake of ours: whoever runs it gets no traceback
        path = log_path()
        logging.basicConfig(filename=path, encoding="utf-8", force=True)
        logging.exception("port-lsp %s failed: %s", __version__, sys.argv[1:])
        click.echo(f"port-lsp: this went wrong: {type(error).__name__}: {error}", err=True)
        click.echo(f"port-lsp: it is a mistake of port-lsp; the details are in {path}", err=True)
        return WRONG
    return code if isinstance(code, int) else 0
