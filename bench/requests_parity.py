"""Sends the same requests to a FastAPI application and to its port into a new crate.

    python -m bench.requests_parity [--framework actix-web] [--only TEXT] [--folder DIR] [--shown N]

The application is bench/parity/requests, whose every endpoint says what it was given, and names
what it is there for. Prints the matrix of features, and what differs: status, what was taken, the
form of a 422 and the places that it names. What Pydantic coerces in JSON only in its lax mode is a
class of its own. Of a 422 Rust names what it finds first: how often that is all of it is counted.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import click

from bench.parity.asking import Endpoint, endpoints, requests
from bench.parity.serving import BACKEND, Asked, PythonApp, RustApp, features
from bench.parity.sides import Answer
from port_lsp.facts.source import Record
from port_lsp.writing.registering import Framework

SAME, LAX = "same", "lax"
_JSON = "application/json"


class Outcome(Record, frozen=True):
    """One request's outcome: `same`, `lax`, or in what the sides differ. `whole` says of a 422 that
    both name the same places, `typed` that they call what is wrong there the same."""

    endpoint: Endpoint
    asked: Asked
    kind: str
    python: Answer
    rust: Answer
    whole: bool = True
    typed: bool = True


def compared(
    endpoint: Endpoint,
    asked: Asked,
    python: Answer,
    rust: Answer,
    strict: frozenset[tuple[object, ...]],
    words: tuple[str, ...],
) -> Outcome:
    """What one request shows. `strict` are places that only Pydantic's lax mode takes, `words` what
    the endpoint is there for."""
    whole = typed = True
    coerced = bool(strict)
    if python.status != rust.status:
        taken = python.status == 200
        kind = f"FastAPI answers {python.status}, Rust {rust.status}"
        kind = LAX if taken and coerced else kind
    elif python.status == 200:
        sets = "set" in words
        same = _plain(python.body, sets=sets) == _plain(rust.body, sets=sets)
        kind = SAME if same else LAX if coerced else "other values"
    elif python.status == 422:
        ours, theirs = _places(rust.body), _places(python.body)
        if ours is None or theirs is None:
            kind = SAME if ours == theirs else "another form of 422"
        else:
            kind = SAME if ours and ours.keys() <= theirs.keys() else "other places"
            kind = LAX if kind != SAME and strict & ours.keys() else kind
            whole = ours.keys() == theirs.keys()
            typed = all(theirs.get(place) == word for place, word in ours.items())
    else:
        kind = SAME
    return Outcome(endpoint, asked, kind, python, rust, whole, typed)


def _plain(value: Any, *, sets: bool) -> Any:
    """JSON ready to be compared: true isn't 1, and sets have no order."""
    if isinstance(value, dict):
        return {key: _plain(one, sets=sets) for key, one in value.items()}
    if isinstance(value, list):
        items = [_plain(one, sets=sets) for one in value]
        return sorted(items, key=json.dumps) if sets else items
    return (type(value) is bool, value)


def _places(body: Any) -> dict[tuple[object, ...], str] | None:
    """By place, what a 422 says is wrong there; None for what hasn't its form. Where JSON breaks
    off is counted otherwise."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if not isinstance(detail, list):
        return None
    found: dict[tuple[object, ...], str] = {}
    for one in detail:
        if not isinstance(one, dict) or not {"type", "loc", "msg", "input"} <= one.keys():
            return None
        place = tuple(one["loc"][:1] if one["type"] == "json_invalid" else one["loc"])
        found[place] = one["type"]
    return found


def _strict(app: Any, endpoint: Endpoint, asked: Asked) -> frozenset[tuple[object, ...]]:
    """The places of a JSON body that Pydantic's strict mode refuses."""
    from fastapi.routing import APIRoute
    from pydantic import TypeAdapter, ValidationError

    nothing: frozenset[tuple[object, ...]] = frozenset()
    if endpoint.body is None or endpoint.body[0] != _JSON or not asked.body:
        return nothing
    route = next(
        one
        for context in app.router.routes
        for one in _flat(context)
        if isinstance(one, APIRoute)
        and endpoint.path.endswith(one.path_format)
        and endpoint.method in (one.methods or ())
    )
    fields = route.dependant.body_params
    try:
        value = json.loads(asked.body)
    except ValueError:
        return nothing
    embedded = len(fields) > 1 or getattr(fields[0].field_info, "embed", None)
    found: set[tuple[object, ...]] = set()
    for field in fields:
        part = value.get(field.alias) if embedded and isinstance(value, dict) else value
        if embedded and (not isinstance(value, dict) or field.alias not in value):
            continue
        start = ("body", field.alias) if embedded else ("body",)
        try:
            adapter = TypeAdapter[Any](field.field_info.annotation or Any)
            adapter.validate_json(json.dumps(part), strict=True)
        except ValidationError as error:
            found |= {(*start, *one["loc"]) for one in error.errors()}
    return frozenset(found)


def _flat(route: Any) -> list[Any]:
    """A route, or those of a router that is included."""
    inner = getattr(route, "original_router", None) or getattr(route, "router", None)
    return [route] if inner is None else [one for each in inner.routes for one in _flat(each)]


def run(
    folder: Path,
    only: tuple[str, ...] = (),
    backend: Path = BACKEND,
    every: int = 1,
    framework: Framework = "axum",
) -> tuple[list[Outcome], list[str]]:
    """Compares; the outcomes, and what went wrong before there could be any. Of an
    endpoint's requests every so many are sent."""
    rust = RustApp(folder, framework)
    done = rust.port(backend)
    wrong = [f"left {one.id}: {one.reason}" for one in done.left]
    wrong += [f"note {note}" for note in done.notes if "aren't checked" in note]
    if error := rust.build():
        return [], [*wrong, error]
    python = PythonApp(backend)
    sent: list[tuple[Endpoint, Asked]] = []
    for one in endpoints(python.app.openapi()):
        if not only or any(word in one.path for word in only):
            asked = requests(one, lambda asked: python.ask([asked])[0].status == 200)
            sent += [(one, each) for each in asked[::every]]
    known = features(backend)
    ours = rust.answers([asked for _, asked in sent])
    theirs = python.ask([asked for _, asked in sent])
    return [
        compared(
            one,
            asked,
            left,
            _named(one, right),
            _strict(python.app, one, asked),
            known.get((one.method, one.path), ()),
        )
        for (one, asked), left, right in zip(sent, theirs, ours, strict=True)
    ], wrong


def _named(endpoint: Endpoint, answer: Answer) -> Answer:
    """The same with the values of a path by their names: actix-web's handlers have them as one
    tuple, which no pattern takes apart."""
    names = re.findall(r"\{(\w+)", endpoint.path)
    body = answer.body
    values = body.get("path") if isinstance(body, dict) else None
    if not isinstance(values, list) or len(values) != len(names) or "path" in names:
        return answer
    rest = {name: value for name, value in body.items() if name != "path"}
    return Answer(answer.status, {**dict(zip(names, values, strict=True)), **rest})


def matrix(outcomes: list[Outcome], known: dict[tuple[str, str], tuple[str, ...]]) -> str:
    """By feature: how many endpoints have it, and of their requests how many are the same."""
    places: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for one in outcomes:
        for feature in known.get((one.endpoint.method, one.endpoint.path), ("none",)):
            places[feature].add(f"{one.endpoint.method} {one.endpoint.path}")
            kinds[feature][one.kind if one.kind in (SAME, LAX) else "other"] += 1
    lines = [f"{'feature':16} {'endpoints':>9} {'same':>6} {'lax':>5} {'other':>5}"]
    for feature in sorted(places):
        count = kinds[feature]
        row = f"{len(places[feature]):9} {count[SAME]:6} {count[LAX]:5} {count['other']:5}"
        lines.append(f"{feature:16} {row}")
    return "\n".join(lines)


@click.command(help=__doc__)
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--only", multiple=True, help="Only endpoints whose paths have this in them.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--shown", default=30, show_default=True, help="How many differences are shown.")
def main(framework: Framework, only: tuple[str, ...], folder: Path | None, shown: int) -> None:
    place = (folder or Path(tempfile.mkdtemp(prefix="requests-"))).resolve() / "probe"
    outcomes, wrong = run(place, only, framework=framework)
    for line in wrong:
        click.echo(line)
    if not outcomes:
        sys.exit(1)
    click.echo(matrix(outcomes, features()))
    kinds = Counter(one.kind for one in outcomes)
    refused = [one for one in outcomes if one.python.status != 200]
    named = [one for one in outcomes if one.kind == SAME and one.python.status == 422]
    judged = len(outcomes) - kinds[LAX]
    share = kinds[SAME] / judged
    count = len({(one.endpoint.method, one.endpoint.path) for one in outcomes})
    click.echo(
        f"\n{count} endpoints, {len(outcomes)} requests, {len(refused) / len(outcomes):.0%} of "
        f"them refused by FastAPI; {kinds[LAX]} coerced in lax mode only; of the other {judged} "
        f"{share:.2%} the same; of {len(named)} answers of 422 "
        f"{sum(one.whole for one in named) / max(len(named), 1):.0%} name all that FastAPI names, "
        f"{sum(one.typed for one in named) / max(len(named), 1):.0%} by its type"
    )
    for kind, number in kinds.most_common():
        click.echo(f"  {number:6} {kind}")
    _show([one for one in outcomes if one.kind not in (SAME, LAX)], shown)
    sys.exit(0 if share >= 0.99 and not wrong else 1)


def _show(others: list[Outcome], shown: int) -> None:
    by_path = Counter(one.endpoint.path for one in others)
    click.echo("  " + ", ".join(f"{path} {number}" for path, number in by_path.most_common()))
    seen: Counter[tuple[str, str]] = Counter()
    for one in others:
        key = (one.endpoint.path, one.kind)
        seen[key] += 1
        if seen[key] > 2 or seen.total() > shown * 3:
            continue
        asked = one.asked
        headers = [pair for pair in asked.headers if pair[1] != _JSON]
        click.echo(
            f"{asked.method} {asked.uri[:120]}: {one.kind}\n  {headers} {asked.body[:200]!r}"
        )
        click.echo(f"  FastAPI {one.python.status} {json.dumps(one.python.body)[:300]}")
        click.echo(f"  Rust    {one.rust.status} {json.dumps(one.rust.body)[:300]}")


if __name__ == "__main__":
    main()
