"""`port-lsp report`: how far the port is."""

import click

from port_lsp.commands.common import WRONG, configuration_failed, formats, sides, snapshot_of, write


@click.command()
@sides
@formats("text", "json", "markdown", "html")
def command(
    root: str, backend: str | None, crate: str | None, form: str, output: str | None
) -> int:
    """Print what is ported, file by file, and what is left."""
    snapshot = snapshot_of(root, backend, crate)
    if form == "json":
        from port_lsp.report.coverage import coverage_json

        write(coverage_json(snapshot), output)
    elif form == "markdown":
        from port_lsp.report.markdown import markdown

        write(markdown(snapshot), output)
    elif form == "html":
        from port_lsp.report.html import html

        write(html(snapshot), output)
    else:
        from port_lsp.report.text import print_report

        print_report(snapshot, output)
    return WRONG if configuration_failed(snapshot) else 0
