"""`port-lsp export`: everything that is known, as JSON."""

import click

from port_lsp.commands.common import WRONG, configuration_failed, formats, sides, snapshot_of, write


@click.command()
@sides
@formats("json")
@click.option(
    "--schema", is_flag=True, help="Print the JSON Schema of the export and nothing else."
)
def command(
    root: str, backend: str | None, crate: str | None, form: str, output: str | None, schema: bool
) -> int:
    """Print sides, links and findings as JSON for other tools."""
    from port_lsp.report.export import export_json, schema_json

    if schema:
        write(schema_json(), output)
        return 0
    snapshot = snapshot_of(root, backend, crate)
    write(export_json(snapshot), output)
    return WRONG if configuration_failed(snapshot) else 0
