"""`port-lsp parity`: the same requests to the backend and to its port, both running."""

import os
from typing import TYPE_CHECKING

import click

from port_lsp.commands.common import WRONG, formats, indexed, progressing, say, sides, write

if TYPE_CHECKING:
    from port_lsp.parity.asking import Address
    from port_lsp.parity.running import Outcome, Plan
    from port_lsp.types.schema import ModelSchema


@click.command()
@sides
@click.option(
    "--python", "python_url", required=True, metavar="URL", help="Where the backend runs."
)
@click.option("--rust", "rust_url", required=True, metavar="URL", help="Where its port runs.")
@click.option("--unsafe", is_flag=True, help="Send POST, PUT, PATCH and DELETE, open WebSockets.")
@click.option(
    "--header", "headers", multiple=True, metavar="NAME:VALUE", help="Sent with each request."
)
@click.option(
    "--header-env", multiple=True, metavar="NAME=VARIABLE", help="The same, from the environment."
)
@click.option("--value", "values", multiple=True, metavar="NAME=VALUE", help="A parameter's value.")
@click.option(
    "--ignore",
    multiple=True,
    metavar="PATTERN",
    help="A place in JSON that may differ: $.id, *.created_at.",
)
@click.option(
    "--only", multiple=True, metavar="TEXT", help="Only endpoints with this in their ids."
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False),
    help="Requests that build on each other, by a TOML file: only these are sent.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=10.0,
    show_default=True,
    help="Seconds for one answer.",
)
@click.option("--record", is_flag=True, help="Keep the results where [parity] results says.")
@formats("text", "json")
def command(
    root: str,
    backend: str | None,
    crate: str | None,
    python_url: str,
    rust_url: str,
    unsafe: bool,
    headers: tuple[str, ...],
    header_env: tuple[str, ...],
    values: tuple[str, ...],
    ignore: tuple[str, ...],
    only: tuple[str, ...],
    scenario: str | None,
    timeout: float,
    record: bool,
    form: str,
    output: str | None,
) -> int:
    """Send both running sides the same requests; compare the answers.

    Only these two addresses get requests, GET, HEAD and OPTIONS unless --unsafe is given: then use
    databases that may be lost. Each ported endpoint is asked as it is meant, without credentials,
    for what isn't there, and with a parameter or field missing, null, of another type or at its
    limits. Redirects aren't followed, but compared. Of FastAPI's 422 only the form has to be
    the same.

    With --scenario, the requests are those of a file, which may take values of answers (a token,
    an id) and put them into later ones, each side's own or the other's.

    What may differ, and values of parameters, may also stand in port-lsp.toml: [parity] ignore, and
    [parity.values]. With --record, the report and the code lenses say "verified" of what answered
    the same, until one of both handlers is edited.

    Exit code 1: something is answered differently.
    """
    from port_lsp.parity.asking import AddressError, address_of
    from port_lsp.parity.cases import Asking
    from port_lsp.parity.following import followed, read
    from port_lsp.parity.results import merged
    from port_lsp.parity.running import Plan, outcomes
    from port_lsp.parity.scenario import ScenarioError
    from port_lsp.parity.telling import lines

    try:
        python, rust = address_of(python_url), address_of(rust_url)
    except AddressError as error:
        say(str(error))
        return WRONG
    credentials = [_pair(one, ":", "--header") for one in headers]
    credentials += map(_of_environment, header_env)
    given = dict(_pair(one, "=", "--value") for one in values)
    index = indexed(root, backend, crate)
    reader, snapshot = index.backend_reader, index.snapshot
    if reader is None or snapshot.backend is None:
        return WRONG
    settings = snapshot.config.parity
    if record and settings.results is None:
        say('--record: name a file in port-lsp.toml: [parity] results = "parity.json"')
        return WRONG
    plan = Plan(python, rust, timeout, unsafe, (*settings.ignore, *ignore))
    for address in (python, rust):
        if (reason := _silent(address, timeout)) is not None:
            say(reason)
            return WRONG
    models = {one.key: one for one in snapshot.backend.models}

    def schema(key: str) -> "ModelSchema | None":
        model = models.get(key)
        return reader.schema(model) if model is not None else None

    asking = Asking(schema, {**dict(settings.values), **given}, credentials)
    found: list[Outcome] = []
    if scenario is not None:
        try:
            with open(scenario, encoding="utf-8") as file:
                found += followed(snapshot, read(file.read()), plan)
        except (OSError, UnicodeError, ScenarioError) as error:
            say(f"{scenario}: {error}")
            return WRONG
    with progressing() as progress:
        for one in (
            () if scenario is not None else outcomes(snapshot, asking, reader.parameter, plan, only)
        ):
            found.append(one)
            progress("asking", len(found), len(snapshot.backend.endpoints))
    if not found:
        say(f"no endpoint has {' or '.join(only)} in its id" if only else "there are no endpoints")
        return WRONG
    if record and settings.results is not None:
        write(merged(settings.results, found) + b"\n", settings.results)
    if form == "json":
        write(_as_json(found, plan), output)
    else:
        write("\n".join(lines(found)) + "\n", output)
    return 1 if any(one.verdict == "differs" for one in found) else 0


def _pair(text: str, sign: str, option: str) -> tuple[str, str]:
    name, there, value = text.partition(sign)
    if not there or not name.strip():
        raise click.UsageError(f"{option} {text}: write NAME{sign}VALUE")
    if "\n" in value or "\r" in value:
        raise click.UsageError(f"{option} {name}: a line break in its value")
    return name.strip(), value.strip()


def _of_environment(text: str) -> tuple[str, str]:
    name, variable = _pair(text, "=", "--header-env")
    if variable not in os.environ:
        raise click.UsageError(f"--header-env {text}: {variable} isn't set")
    return name, os.environ[variable]


def _silent(address: "Address", timeout: float) -> str | None:
    """Why nobody answers at an address; None where somebody does."""
    from port_lsp.parity.asking import NoAnswerError, Question, ask

    try:
        ask(address, Question("GET", "/"), timeout)
    except NoAnswerError as error:
        return f"{address} doesn't answer: {error}; is it running?"
    return None


def _as_json(found: list["Outcome"], plan: "Plan") -> bytes:
    import msgspec

    rows = {"version": 1, "python": str(plan.python), "rust": str(plan.rust), "endpoints": found}
    return msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n"
