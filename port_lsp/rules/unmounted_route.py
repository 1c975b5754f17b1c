"""# unmounted-route

## What it does
Finds routes that are registered on a router or in a configure function that nothing mounts.

## Why is this bad?
The handlers are written and compiled and never asked. Nothing warns: a public function may be meant
for somebody else.

## Example
```rust
pub fn router() -> Router<AppState> {  // in comments.rs; routes/mod.rs doesn't merge it
    Router::new().route("/{note_id}/comments", get(list_comments))
}
```

## What to do
Mount it where its backend counterpart is mounted, or delete it.
"""

from collections import defaultdict
from collections.abc import Iterator

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Finding, Related
from port_lsp.rules.rule import Context, Rule, route

NAME = "unmounted-route"


def check(context: Context) -> Iterator[Finding]:
    """One finding per router that nothing mounts, at its first route; the others are related."""
    linked: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for _, ours, theirs in context.linked:
        linked[theirs.id].append(ours)
    roots: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for one in context.crate.unmounted:
        roots[one.root].append(one.endpoint)
    for root, routes in roots.items():
        wanted = [ours for endpoint in routes for ours in linked[endpoint.id]]
        name = root.rpartition("::")[2]
        count = f"{len(routes)} routes" if len(routes) > 1 else route(routes[0])
        use = (
            f", {route(wanted[0])} of the backend among them" if len(routes) > 1 and wanted else ""
        )
        related = [Related("crate", one.registered, route(one)) for one in routes[1:]]
        related += [Related("backend", ours.place, route(ours)) for ours in wanted]
        yield Finding(
            rule=NAME,
            severity="warning" if wanted else "information",
            side="crate",
            place=routes[0].registered,
            message=f"nothing mounts {name}, so that {count} can't be reached{use}",
            item=routes[0].id,
            related=tuple(related),
        )


RULE = Rule(NAME, "warning", check, __doc__ or "", drift=True)
