"""`port-lsp check`: what is missing and what has drifted apart."""

from typing import TYPE_CHECKING

import click

from port_lsp.commands.common import (
    WRONG,
    configuration_failed,
    formats,
    say,
    sides,
    snapshot_of,
    write,
)
from port_lsp.facts.links import SEVERITIES

if TYPE_CHECKING:
    from port_lsp.index.snapshot import Snapshot

FOUND = 1
_NEVER = "never"


@click.command()
@sides
@formats("text", "json", "sarif", "github", "gitlab")
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, _NEVER]),
    default="warning",
    show_default=True,
    help="The least severity at which the exit code is 1.",
)
@click.option(
    "--reconcile",
    is_flag=True,
    help="Instead, count every place where something is registered and say what became of it.",
)
def command(
    root: str,
    backend: str | None,
    crate: str | None,
    form: str,
    output: str | None,
    fail_on: str,
    reconcile: bool,
) -> int:
    """List what is missing in the crate and what has drifted apart.

    Exit code 1 if something is at or above --fail-on.
    """
    snapshot = snapshot_of(root, backend, crate)
    if reconcile:
        from port_lsp.report.reconcile import reconciliation

        text, difference = reconciliation(snapshot)
        write(text, output)
        return FOUND if difference else 0
    _print(snapshot, form, output)
    if configuration_failed(snapshot):
        return WRONG
    if fail_on == _NEVER:
        return 0
    severe = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return FOUND if any(finding.severity in severe for finding in snapshot.findings) else 0


def _print(snapshot: "Snapshot", form: str, output: str | None) -> None:
    if form == "json":
        from port_lsp.report.export import findings_json

        write(findings_json(snapshot), output)
    elif form == "sarif":
        from port_lsp.report.sarif import sarif
        from port_lsp.rules import RULES

        write(sarif(snapshot, {rule.name: rule.page for rule in RULES}), output)
    elif form == "github":
        from port_lsp.report.github import github

        write(github(snapshot), output)
    elif form == "gitlab":
        from port_lsp.report.gitlab import gitlab

        write(gitlab(snapshot), output)
    else:
        from port_lsp.report.findings import print_findings, summary

        print_findings(snapshot, output)
        say(summary(snapshot))
