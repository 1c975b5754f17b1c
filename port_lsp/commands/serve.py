"""`port-lsp serve`: the language server."""

from importlib import import_module

import click


@click.command()
@click.option("--stdio", is_flag=True, help="Talk over standard input and output (always so).")
def command(stdio: bool) -> int:
    """Run the language server over standard input and output."""
    # By name: it is by far the heaviest import, and no other subcommand needs it.
    code: object = import_module("port_lsp.server.main").run()
    return code if isinstance(code, int) else 0
