"""Sends the same payloads to Pydantic's models and to the Rust that is generated for them.

    python -m bench.models_parity [--payloads 200] [--lenient] [--only NAME] [--folder DIR]

Every model of bench/parity/backend that names its features is served by FastAPI on one side and
by a generated axum handler on the other; payloads come from its JSON schema and mutations. Prints
the feature × model matrix, and what differs: acceptance, status, body, the form of a 422. What
Pydantic coerces only in its lax mode ("1" for an integer) is a class of its own.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import click

from bench.parity.edges import Edges
from bench.parity.payloads import payloads
from bench.parity.sides import Answer, Case, PythonSide, RustSide, cases, other_names
from port_lsp.facts.source import Record

SAME, LAX = "same", "lax"
_REJECTED = 0.35


class Outcome(Record, frozen=True):
    """One payload's outcome: `same`, `lax`, or in what the sides differ."""

    case: Case
    payload: bytes
    kind: str
    python: Answer
    rust: Answer


def compared(case: Case, payload: bytes, python: Answer, rust: Answer, *, coerced: bool) -> Outcome:
    """What one payload shows. `coerced`: only Pydantic's lax mode takes it."""
    if python.status != rust.status:
        taken = python.status == 200
        kind = f"Pydantic {'takes' if taken else 'refuses'}, Rust answers {rust.status}"
        kind = LAX if taken and coerced else kind
    elif python.status == 200:
        same = _plain(python.body, case) == _plain(rust.body, case)
        kind = SAME if same else LAX if coerced else "another body"
    else:
        kind = SAME if _is_detail(rust.body) else "another form of 422"
    return Outcome(case, payload, kind, python, rust)


def _plain(value: Any, case: Case) -> Any:
    """JSON ready to be compared: sets have no order, and 1 is 1.0 to a client."""
    if isinstance(value, dict):
        return {key: _plain(one, case) for key, one in value.items()}
    if isinstance(value, list):
        items = [_plain(one, case) for one in value]
        return sorted(items, key=json.dumps) if "set" in case.features else items
    return (type(value) is bool, value)


def _is_detail(body: Any) -> bool:
    detail = body.get("detail") if isinstance(body, dict) else None
    return (
        isinstance(detail, list)
        and bool(detail)
        and all(
            isinstance(one, dict)
            and {"type", "loc", "msg", "input"} <= one.keys()
            and isinstance(one["loc"], list)
            and one["loc"][:1] == ["body"]
            for one in detail
        )
    )


def run(
    wanted: list[Case], folder: Path, count: int, *, lenient: bool, shown: int = 20
) -> tuple[list[Outcome], list[str]]:
    """Compares; the outcomes, and what went wrong before there could be any."""
    from pydantic import TypeAdapter, ValidationError

    rust = RustSide(folder, lenient=lenient)
    done = rust.write(wanted)
    wrong = [f"left {one.id}: {one.reason}" for one in done.left]
    for note in done.notes:
        click.echo(f"  note {note}")
    if error := rust.build():
        return [], [*wrong, "\n".join(error.splitlines()[: 3 * shown])]
    python = PythonSide(wanted)
    requests: list[tuple[Case, bytes, Answer, bool]] = []
    for case in wanted:
        adapter = TypeAdapter[Any](python.types[case])
        schema = adapter.json_schema(by_alias=True)

        def takes(data: bytes, *, strict: bool | None = None, using: Any = adapter) -> bool:
            try:
                using.validate_json(data, strict=strict)
            except ValidationError:
                return False
            return True

        edges = Edges(schema, other_names(python.types[case])).all()
        bodies = payloads(schema, case.path, takes, count, _REJECTED, edges)
        answers = python.ask(case.path, bodies)
        for body, answer in zip(bodies, answers, strict=True):
            coerced = answer.status == 200 and not takes(body, strict=True)
            requests.append((case, body, answer, coerced))
    answered = rust.ask((case.path, body) for case, body, _, _ in requests)
    return [
        compared(case, body, answer, other, coerced=coerced)
        for (case, body, answer, coerced), other in zip(requests, answered, strict=True)
    ], wrong


def matrix(outcomes: list[Outcome]) -> str:
    """By feature: how many models have it, and of their payloads how many are the same."""
    models: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for one in outcomes:
        for feature in one.case.features:
            models[feature].add(one.case.name)
            kinds[feature][one.kind if one.kind in (SAME, LAX) else "other"] += 1
    lines = [f"{'feature':24} {'same':>6} {'lax':>5} {'other':>5}  models"]
    for feature in sorted(models):
        count = kinds[feature]
        names = ", ".join(sorted(models[feature]))
        lines.append(f"{feature:24} {count[SAME]:6} {count[LAX]:5} {count['other']:5}  {names}")
    return "\n".join(lines)


@click.command(help=__doc__)
@click.option("--payloads", "count", default=200, show_default=True)
@click.option("--lenient", is_flag=True, help="With an extractor that coerces as Pydantic does.")
@click.option("--only", multiple=True, help="Only models of this name.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--shown", default=20, show_default=True, help="How many differences are shown.")
def main(count: int, lenient: bool, only: tuple[str, ...], folder: Path | None, shown: int) -> None:
    wanted = [case for case in cases() if not only or case.name in only]
    place = (folder or Path(tempfile.mkdtemp(prefix="parity-"))).resolve() / "probe"
    outcomes, wrong = run(wanted, place, count, lenient=lenient, shown=shown)
    for line in wrong:
        click.echo(line)
    if not outcomes:
        sys.exit(1)
    click.echo(matrix(outcomes))
    kinds = Counter(one.kind for one in outcomes)
    refused = sum(one.python.status != 200 for one in outcomes)
    judged = len(outcomes) - kinds[LAX]
    share = kinds[SAME] / judged
    click.echo(
        f"\n{len(wanted)} models, {len(outcomes)} payloads, {refused / len(outcomes):.0%} of them "
        f"refused by Pydantic; {kinds[LAX]} coerced in lax mode only; of the other {judged} "
        f"{share:.2%} the same"
    )
    for kind, number in kinds.most_common():
        click.echo(f"  {number:6} {kind}")
    by_case = Counter(one.case.name for one in outcomes if one.kind not in (SAME, LAX))
    click.echo("  " + ", ".join(f"{name} {number}" for name, number in by_case.most_common()))
    seen: Counter[tuple[str, str]] = Counter()
    for one in outcomes:
        if one.kind in (SAME, LAX) or seen.total() >= shown:
            continue
        seen[(one.case.name, one.kind)] += 1
        if seen[(one.case.name, one.kind)] <= 2:
            click.echo(f"{one.case.name}: {one.kind}\n  {one.payload.decode()[:300]}")
            click.echo(f"  Pydantic {one.python.status} {json.dumps(one.python.body)[:300]}")
            click.echo(f"  Rust     {one.rust.status} {json.dumps(one.rust.body)[:300]}")
    sys.exit(0 if share >= 0.99 and not wrong else 1)


if __name__ == "__main__":
    main()
