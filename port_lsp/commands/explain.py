"""`port-lsp explain`: what a rule means, or why something is linked as it is."""

from typing import TYPE_CHECKING

import click

from port_lsp.commands.common import WRONG, formats, say, sides, snapshot_of, write

if TYPE_CHECKING:
    from port_lsp.index.snapshot import Snapshot
    from port_lsp.linking.explain import Explanation

_SHOWN = 10


@click.command()
@click.argument("what", metavar="RULE|PLACE")
@sides
@formats("text", "json")
def command(
    what: str, root: str, backend: str | None, crate: str | None, form: str, output: str | None
) -> int:
    """Explain a rule, or why something is linked or isn't.

    PLACE is an item key (app/routers/users.py::get_users), a unique end of one (get_users), a route
    ("GET /api/users") or FILE:LINE.
    """
    from port_lsp.rules import RULES

    for rule in RULES:
        if rule.name == what:
            _show_rule(rule.name, rule.severity, rule.page, form, output)
            return 0
    return _explain(what, snapshot_of(root, backend, crate), form, output)


def _show_rule(name: str, severity: str, page: str, form: str, output: str | None) -> None:
    if form == "json":
        import msgspec

        write(msgspec.json.encode({"rule": name, "severity": severity, "page": page}), output)
        return
    from rich.markdown import Markdown

    from port_lsp.report.console import console_to

    with console_to(output) as console:
        console.print(Markdown(page) if console.is_terminal else page.strip(), soft_wrap=True)
        console.print(f"\nSeverity: {severity}, unless the configuration says otherwise.")


def _explain(what: str, snapshot: "Snapshot", form: str, output: str | None) -> int:
    from port_lsp.linking.explain import explain, lines
    from port_lsp.report.find import items_at, near

    names = items_at(snapshot, what)
    backend = snapshot.backend
    if not names or backend is None:
        say(f"nothing is called {what}, no rule and no item")
        for name in near(snapshot, what)[:_SHOWN]:
            say(f"  did you mean {name}?")
        return WRONG
    links, config = snapshot.links, snapshot.config.links
    every = [one for name in names for one in explain(name, backend, snapshot.crate, links, config)]
    found = [one for i, one in enumerate(every) if one not in every[:i]]
    # A handler is a function too, and that row says no more than those of its endpoints.
    handlers = {name.partition("#")[0] for name in map(_name, found) if "#" in name}
    found = [one for one in found if _name(one) not in handlers]
    if form == "json":
        import msgspec

        write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n", output)
        return 0
    text = [line for one in found for line in (*lines(one), "")]
    text += [f"{name}: nothing is linked to it" for name in names if not found]
    write("\n".join(text).rstrip("\n") + "\n", output)
    return 0


def _name(explanation: "Explanation") -> str:
    return explanation.link.backend or explanation.link.crate or ""
