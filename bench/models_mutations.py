"""Leaves out one word of one generated attribute at a time, and asks the payloads whether it shows.

    python -m bench.models_mutations [--payloads 200] [--folder DIR] [--rounds N]

Works on what bench.models_parity compares. Mutants of types that no model has in common go into
one build. A mutant is found where an answer isn't what it was, or where it doesn't compile. Prints
those that nothing finds; exit status 1 if there are any.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import click

from bench.models_parity import run
from bench.parity.mutants import Mutant, changed, mutants
from bench.parity.sides import Answer, RustSide, cases


def reached(sources: dict[str, str]) -> dict[str, set[str]]:
    """By type, the types in it, itself included."""
    body = re.compile(r"^pub (?:struct|enum) (\w+)(.*?)(?:^}|;$)", re.M | re.S)
    direct: dict[str, set[str]] = {}
    for text in sources.values():
        for match in body.finditer(text):
            direct[match[1]] = set(re.findall(r"\b[A-Z]\w+", match[2]))
    found: dict[str, set[str]] = {}
    for name in direct:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += [other for other in direct.get(one, ()) if other in direct]
        found[name] = seen
    return found


def rounds_of(every: list[Mutant], inside: dict[str, set[str]]) -> list[list[Mutant]]:
    """Mutants in as few builds as can be: in each, no type holds two types with one."""
    users = {
        one.owner: {name for name, types in inside.items() if one.owner in types} for one in every
    }
    rounds: list[tuple[list[Mutant], set[str]]] = []
    for mutant in every:
        for chosen, taken in rounds:
            if not taken & users[mutant.owner]:
                chosen.append(mutant)
                taken |= users[mutant.owner]
                break
        else:
            rounds.append(([mutant], set(users[mutant.owner])))
    return [chosen for chosen, _ in rounds]


@click.command(help=__doc__)
@click.option("--payloads", "count", default=200, show_default=True)
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--rounds", default=0, help="Only the first builds; 0 for all.")
def main(count: int, folder: Path | None, rounds: int) -> None:
    wanted = cases()
    place = (folder or Path(tempfile.mkdtemp(prefix="mutants-"))).resolve() / "probe"
    outcomes, wrong = run(wanted, place, count, lenient=False)
    if wrong:
        raise click.ClickException("\n".join(wrong))
    requests = [(one.case.path, one.payload) for one in outcomes]
    before = [one.rust for one in outcomes]
    folder_of = place / "src" / "models"
    sources = {path.name: path.read_text("utf-8") for path in sorted(folder_of.glob("*.rs"))}
    every = [one for name, text in sources.items() for one in mutants(name, text)]
    inside = reached(sources)
    side = RustSide(place)
    missed: list[Mutant] = []
    found = 0
    builds = rounds_of(every, inside)
    for chosen in builds[:rounds] if rounds else builds:
        waiting = [chosen]
        while waiting:
            part = waiting.pop()
            for name, text in sources.items():
                mine = [one for one in part if one.file == name]
                (folder_of / name).write_text(changed(text, mine), "utf-8")
            if side.build():
                if len(part) == 1:
                    found += 1  # the compiler finds it
                else:
                    half = len(part) // 2
                    waiting += [part[:half], part[half:]]
                continue
            after = side.ask(requests)
            differ = {
                outcome.case.name
                for outcome, old, new in zip(outcomes, before, after, strict=True)
                if not _same(old, new)
            }
            for mutant in part:
                if any(mutant.owner in inside.get(name, ()) for name in differ):
                    found += 1
                else:
                    missed.append(mutant)
    click.echo(f"{found + len(missed)} mutants in {len(builds)} builds, {found} found")
    for mutant in missed:
        click.echo(f"  missed {mutant}")
    sys.exit(1 if missed else 0)


def _same(old: Answer, new: Answer) -> bool:
    """Sets have no order; what a 422 says isn't compared."""
    if old.status != new.status:
        return False
    return old.status != 200 or _plain(old.body) == _plain(new.body)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}  # pyright: ignore
    if isinstance(value, list):
        return sorted(repr(_plain(one)) for one in value)  # pyright: ignore
    return value


if __name__ == "__main__":
    main()
