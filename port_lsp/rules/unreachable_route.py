"""# unreachable-route

## What it does
Finds routes of the crate that are registered and mounted, and that no request can reach: an earlier
pattern takes their path, or a layer trims the slash that theirs ends with.

## Why is this bad?
The handler is dead code. If it is the counterpart of an endpoint, its clients get another
handler's answer or a 404, and neither the compiler nor a look at the handler shows it.

## Example
```rust
web::scope("/files")
    .route("/{id}", web::delete().to(delete_file))
    .route("/all", web::delete().to(delete_all_files))  // DELETE /files/all deletes the file "all"
```

## What to do
Register the more special route first, or without the slash. Where a twin of the route is reached
(with `""` and `"/"` side by side), the finding is a hint only: delete what is never reached.
"""

from collections import defaultdict
from collections.abc import Iterator

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Finding, Related
from port_lsp.rules.rule import Context, Rule, route

NAME = "unreachable-route"


def check(context: Context) -> Iterator[Finding]:
    """One finding per route, at its registration; a hint where a twin of it is reached."""
    backend = _counterparts(context)
    reached: defaultdict[tuple[str, str], list[Endpoint]] = defaultdict(list)
    for endpoint in context.crate.endpoints:
        if endpoint.reachable:
            reached[endpoint.key, endpoint.method].append(endpoint)
    for endpoint in context.crate.endpoints:
        if endpoint.reachable:
            continue
        twin = next(
            (
                other
                for other in reached[endpoint.key, endpoint.method]
                if other.path.rstrip("/") == endpoint.path.rstrip("/")
            ),
            None,
        )
        why = f": {endpoint.unreachable_reason}" if endpoint.unreachable_reason else ""
        related = [Related("backend", ours.place, route(ours)) for ours in backend[endpoint.id]]
        if twin is not None:
            related.append(Related("crate", twin.registered, f"{route(twin)} is reached"))
        yield Finding(
            rule=NAME,
            severity="hint" if twin is not None else "warning",
            side="crate",
            place=endpoint.registered,
            message=f"{route(endpoint)} can't be reached{why}",
            item=endpoint.id,
            related=tuple(related),
        )


def _counterparts(context: Context) -> defaultdict[str, list[Endpoint]]:
    """The backend's endpoints that each of the crate's is linked to."""
    found: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for _, ours, theirs in context.linked:
        found[theirs.id].append(ours)
    return found


RULE = Rule(NAME, "warning", check, __doc__ or "", drift=True)
