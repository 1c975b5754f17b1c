"""`port-lsp serve`: the language server."""

from importlib import import_module

import click

_LEVELS = ("error", "warning", "info", "debug")


@click.command()
@click.option("--stdio", is_flag=True, help="Talk over standard input and output (always so).")
@click.option("--backend", metavar="DIR", help="The backend's root; else it is looked for.")
@click.option("--crate", metavar="DIR", help="The crate's root; else it is looked for.")
@click.option("--log-level", type=click.Choice(_LEVELS), default="warning", show_default=True)
def command(stdio: bool, backend: str | None, crate: str | None, log_level: str) -> int:
    """Run the language server over standard input and output."""
    # By name: it is by far the heaviest import, and no other subcommand needs it.
    code: object = import_module("port_lsp.server.main").serve(backend, crate, log_level)
    return code if isinstance(code, int) else 0
