"""Whether links survive another way of writing the crate.

    python bench/links_styles.py --backend DIR --crate DIR [--wrong]

The crate's endpoints are rewritten as other ports might have them (prefixes gone, everything in
main.rs, handlers of other names, methods swapped …), whole and with half of the handlers missing,
and linked again. Held against the links of the pair as it is: a rewritten endpoint must still be
found, a missing one must not be replaced by a neighbour.

Aliases of a handler are counted strictly: where the crate had a handler for each, and one of them
is missing, the link to the other (alias-not-mounted) counts as invented.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable
from pathlib import Path

from links import Pair, read_pair
from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.linking.link import link

Style = Callable[[Endpoint, random.Random], Endpoint]
_SWAPPED = {"PUT": "PATCH", "POST": "PUT", "PATCH": "PUT"}
_VERBS = {"get": "fetch", "create": "add", "update": "modify", "delete": "remove", "list": "index"}
_RARELY = 0.15


def prefix_gone(one: Endpoint, _: random.Random) -> Endpoint:
    return replace(one, path=re.sub(r"^/api/v\d+", "", one.path) or "/")


def other_version(one: Endpoint, _: random.Random) -> Endpoint:
    return replace(one, path="/v2" + re.sub(r"^/api/v\d+", "", one.path))


def kebab(one: Endpoint, _: random.Random) -> Endpoint:
    return replace(one, path=one.path.replace("_", "-"))


def singular(one: Endpoint, _: random.Random) -> Endpoint:
    parts = (re.sub(r"(?<=\w{3})s$", "", part) for part in one.path.split("/"))
    return replace(one, path="/".join(parts))


def last_segment_lost(one: Endpoint, chance: random.Random) -> Endpoint:
    parts = one.path.rstrip("/").split("/")
    lost = chance.random() < _RARELY and len(parts) > 4 and "{" not in parts[-1]
    return replace(one, path="/".join(parts[:-1])) if lost else one


def other_method(one: Endpoint, chance: random.Random) -> Endpoint:
    swapped = one.method in _SWAPPED and chance.random() < _RARELY
    return replace(one, method=_SWAPPED[one.method]) if swapped else one


def in_main(one: Endpoint, _: random.Random) -> Endpoint:
    return replace(one, place=replace(one.place, file="src/main.rs"))


def folders_by_subject(one: Endpoint, _: random.Random) -> Endpoint:
    file = re.sub(r"(\w+)\.rs$", r"\1/handlers.rs", one.place.file)
    return replace(one, place=replace(one.place, file=file))


def camel_names(one: Endpoint, _: random.Random) -> Endpoint:
    return replace(one, handler=re.sub(r"_(\w)", lambda found: found[1].upper(), one.handler))


def verbs_alone(one: Endpoint, _: random.Random) -> Endpoint:
    verb = one.handler.split("_")[0]
    return replace(one, handler=_VERBS.get(verb, verb))


def names_of_nothing(one: Endpoint, chance: random.Random) -> Endpoint:
    return replace(one, handler=f"h{chance.randrange(10**6)}")


STYLES: dict[str, tuple[Style, ...]] = {
    "as it is": (),
    "the prefix is gone": (prefix_gone,),
    "another version": (other_version,),
    "kebab case": (kebab,),
    "singular": (singular,),
    "15% without their last segment": (last_segment_lost,),
    "15% of writes by another method": (other_method,),
    "all in main.rs": (in_main,),
    "a folder for each subject": (folders_by_subject,),
    "camel-case handlers": (camel_names,),
    "handlers called by a verb alone": (verbs_alone,),
    "handlers whose names say nothing": (names_of_nothing,),
    "no prefix, all in main.rs": (prefix_gone, in_main),
    "no prefix, main.rs, verbs alone": (prefix_gone, in_main, verbs_alone),
    "no prefix, names say nothing": (prefix_gone, names_of_nothing),
    "singular, kebab, camel, folders": (singular, kebab, camel_names, folders_by_subject),
    "version, method, last segment": (other_version, other_method, last_segment_lost),
}


def measure(
    pair: Pair, truth: dict[str, set[str]], style: tuple[Style, ...], share: float, *, wrong: bool
) -> str:
    """The figures of one style with a share of the crate's handlers missing."""
    chance = random.Random(1)  # noqa: S311 (nothing secret: the same chance in every run)
    keys = sorted({endpoint.key for endpoint in pair.crate.endpoints})
    missing = set(chance.sample(keys, int(len(keys) * share)))
    names: dict[str, str] = {}
    rewritten: list[Endpoint] = []
    for endpoint in pair.crate.endpoints:
        if endpoint.key in missing:
            continue
        one = endpoint
        for change in style:
            one = change(one, chance)
        key = f"{one.place.file}::{one.handler}"
        one = replace(one, key=key, id=f"{key}#{one.method} {one.path}")
        names[endpoint.id] = one.id
        rewritten.append(one)
    bare = {"models": (), "functions": (), "events": ()}
    backend = replace(pair.backend, **bare)
    links = link(backend, replace(pair.crate, endpoints=tuple(rewritten), **bare))
    right = missed = other = invented = 0
    for row in links.endpoints:
        if row.backend is None:
            continue
        meant = {names[one] for one in truth[row.backend] if one in names}
        fits = row.crate in meant if meant else row.crate is None
        right += fits
        missed += bool(meant) and row.crate is None
        other += bool(meant) and row.crate is not None and not fits
        invented += not meant and not fits
        if wrong and not fits:
            print(f"      {row.backend}\n        got {row.crate}, meant {sorted(meant) or None}")
    total = right + missed + other + invented
    share_right = f"{right / total:6.1%} of {total} right"
    return f"{share_right}, {missed} missed, {other} wrong, {invented} invented"


def main() -> None:
    """Reads the arguments and prints a line per style, whole and half ported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--backend", type=Path)
    parser.add_argument("--crate", type=Path)
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    pair = read_pair(arguments.root, arguments.backend, arguments.crate)
    truth = {
        row.backend: {row.crate, *row.also} - {None}
        for row in link(pair.backend, pair.crate).endpoints
        if row.backend is not None
    }
    known = {key: {one for one in ids if one is not None} for key, ids in truth.items()}
    for name, style in STYLES.items():
        print(f"{name:36} {measure(pair, known, style, 0.0, wrong=arguments.wrong)}")
        print(f"{'  half ported':36} {measure(pair, known, style, 0.5, wrong=arguments.wrong)}")


if __name__ == "__main__":
    main()
