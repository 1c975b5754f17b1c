"""# rust-only-route

## What it does
Finds endpoints of the crate that the backend doesn't have.

## Why is this bad?
It need not be: a port may have its own `/metrics`. But it may also be an endpoint that the backend
has dropped since, or one whose counterpart wasn't recognised.

## Example
```rust
.route("/users/{id}/role", post(update_user_role))  // the backend does that in PUT /users/{id} now
```

## What to do
If it is the counterpart of something, pin it: `// port: app/routers/users.py::update_user`. If it
is meant to be there, `// port: ignore[rust-only-route] metrics are the port's own`.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding
from port_lsp.rules.rule import Context, Rule, route

NAME = "rust-only-route"


def check(context: Context) -> Iterator[Finding]:
    """One finding per endpoint, at its registration; what nothing mounts is another rule's."""
    loose = {one.endpoint.id for one in context.crate.unmounted}
    for link in context.links.endpoints:
        if link.backend is not None or link.crate is None or link.crate in loose:
            continue
        endpoint = context.crate_endpoints[link.crate]
        if endpoint.kind == "fallback":
            continue  # whatever no route takes is no route
        yield Finding(
            rule=NAME,
            severity="hint",
            side="crate",
            place=endpoint.registered,
            message=f"the backend has no {route(endpoint)}",
            item=endpoint.id,
        )


RULE = Rule(NAME, "hint", check, __doc__ or "")
