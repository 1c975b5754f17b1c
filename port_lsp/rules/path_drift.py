"""# path-drift

## What it does
Finds endpoints that the crate has under another path than the backend: with a prefix doubled,
missing or renamed, a suffix lost, another spelling, a slash more or less at the end.

## Why is this bad?
The backend's clients ask for the backend's path and get a 404. The handler is there and its tests
pass, so nobody notices.

## Example
```rust
// in main.rs                     // in files.rs
web::scope("/files")              web::scope("/files").route("/{id}", web::get().to(get_file))
    .configure(files::configure)  // GET /files/files/{id}
```

## What to do
Take away the prefix that is there twice, or add the one that is missing: one finding stands at the
place that causes it, with all its routes. If the new path is meant, say so once in the
configuration: `[prefixes] "/api/v1/auths" = "/api/v1/auth"`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Finding, Related
from port_lsp.facts.source import Place
from port_lsp.linking.paths import (
    Difference,
    difference,
    exchanged,
    longest_first,
    renamed,
    shape,
)
from port_lsp.rules.rule import Context, Rule, route

NAME = "path-drift"

_Pair: TypeAlias = tuple[Endpoint, Endpoint]
_Cause: TypeAlias = tuple[str, str, Place]

_WORDS = {
    "doubled": "`{part}` is there twice",
    "missing": "`{part}` is missing",
    "extra": "`{part}` is too much",
    "renamed": "{part}",
    "slash": "the slash at its end differs, and nothing trims it",
    "spelling": "it is spelled differently",
}


def check(context: Context) -> Iterator[Finding]:
    """One finding per scope that causes a drift of several routes, one per route otherwise."""
    groups: defaultdict[_Cause, list[_Pair]] = defaultdict(list)
    fronts: dict[tuple[str, str, str, str], Place] = {}
    prefixes = longest_first(context.prefixes)
    for _, ours, theirs in context.drifted(NAME):
        wanted = shape(exchanged(ours.path, prefixes))
        change = difference(wanted, shape(theirs.path))
        if change.how in ("spelling", "different"):
            change = renamed(wanted, shape(theirs.path)) or change
        cause = _mount(change, theirs)
        if cause is None and _in_front(change):
            # No mount to blame: the router that registers them all without (or with) the prefix.
            place = theirs.registered
            cause = fronts.setdefault((change.how, change.part, place.file, place.chunk), place)
        groups[change.how, change.part, cause or theirs.registered].append((ours, theirs))
    for (how, part, cause), pairs in _parted(groups):
        ours, theirs = pairs[0]
        what = _WORDS.get(how, "it differs").format(part=part)
        several = f"{len(pairs)} routes have" if len(pairs) > 1 else f"{route(theirs)} has"
        wanted = f", such as {route(theirs)}" if len(pairs) > 1 else ""
        related = [Related("crate", one.registered, route(one)) for _, one in pairs]
        related += [Related("backend", one.registered, route(one)) for one, _ in pairs]
        yield Finding(
            rule=NAME,
            severity="warning",
            side="crate",
            place=cause,
            message=f"{several} another path than in the backend{wanted}"
            f" instead of {route(ours)}: {what}",
            item=theirs.id,
            related=tuple(related),
        )


def _parted(groups: Mapping[_Cause, list[_Pair]]) -> Iterator[tuple[_Cause, list[_Pair]]]:
    """The groups; a prefix that a single route has otherwise is that route's own matter."""
    for (how, part, cause), pairs in groups.items():
        if how != "renamed" or len(pairs) > 1:
            yield (how, part, cause), pairs
        else:
            yield ("different", "", pairs[0][1].registered), pairs


def _mount(change: Difference, theirs: Endpoint) -> Place | None:
    """The mount that causes the drift; None where the route's own path does, or nothing says."""
    if change.how not in ("doubled", "missing", "extra", "renamed"):
        return None
    if change.how == "missing" and not change.at:
        return theirs.trail[0][1] if theirs.trail else None
    end = 0
    for prefix, place in theirs.trail:
        end += len(shape(prefix).segments)
        # What is missing is missing before the first segment behind it; what is there too much
        # ends with a mount, or it is the route's own.
        if change.at < end or (change.at == end and change.how != "missing"):
            return place
    return None


def _in_front(change: Difference) -> bool:
    """Whether the drift is at the very begin of the path, or of many in the same place."""
    if change.how == "renamed":
        return True
    if change.how == "missing":
        return not change.at
    return change.how == "extra" and change.at == len(shape(change.part).segments)


RULE = Rule(NAME, "warning", check, __doc__ or "", drift=True)
