"""`port-lsp config`: what is in force, and why."""

import click

from port_lsp.commands.common import (
    NO_BACKEND,
    WRONG,
    configuration_failed,
    formats,
    open_index,
    sides,
    write,
)


@click.command()
@sides
@formats("text", "json")
def command(
    root: str, backend: str | None, crate: str | None, form: str, output: str | None
) -> int:
    """Show the roots, why they were taken, and the settings in force."""
    from port_lsp.patterns.conventions import convention_rows
    from port_lsp.patterns.desk import Desks, NothingToWriteIntoError
    from port_lsp.report.settings import settings_json, settings_text

    index = open_index(root, backend, crate)
    snapshot = index.snapshot
    try:
        rows = convention_rows(Desks().at(index))
    except NothingToWriteIntoError:
        rows = []
    shown = settings_json if form == "json" else settings_text
    write(shown(snapshot, rows), output)
    if configuration_failed(snapshot):
        return WRONG
    return 0 if snapshot.backend is not None else NO_BACKEND
