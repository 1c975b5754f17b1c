"""# stub-endpoint

## What it does
Finds endpoints of the crate that are registered but whose handlers do nothing yet: a `todo!()`, an
answer "not implemented", parameters that are never looked at, a constant answer under a comment
that says so. The message names the sign.

## Why is this bad?
A client gets an answer, and it is wrong. Counted as ported, such a handler is forgotten.

## Example
```rust
async fn update_role(Path(_id): Path<i64>, Json(_form): Json<RoleForm>) -> Json<Value> {
    Json(json!({}))  // TODO
}
```

## What to do
Write the handler. Where the constant answer is all there is to it, say so above the function:
`// port: ignore[stub-endpoint] the backend answers with a constant too`.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding, Related
from port_lsp.rules.rule import Context, Rule, route

NAME = "stub-endpoint"


def check(context: Context) -> Iterator[Finding]:
    """One finding per handler of the crate, at its name, with the backend's handlers."""
    seen: set[str] = set()
    for link, ours, theirs in context.linked:
        if link.presence != "stub" or theirs.key in seen:
            continue
        seen.add(theirs.key)
        yield Finding(
            rule=NAME,
            severity="information",
            side="crate",
            place=theirs.place,
            message=f"{theirs.handler} is a stub of {route(ours)}: {link.sign}",
            item=theirs.id,
            related=(Related("backend", ours.place, f"{ours.handler} in the backend"),),
        )


RULE = Rule(NAME, "information", check, __doc__ or "")
