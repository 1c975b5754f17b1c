"""# alias-not-mounted

## What it does
Finds routes of a handler with several decorators of which the crate registers only some.

## Why is this bad?
Clients that use the other path get a 404, although the handler is ported. Such an alias is mostly
there for older clients.

## Example
```python
@router.get("/me")
@router.get("/whoami")
async def get_session_user(...): ...
```
```rust
.route("/me", get(get_session_user))  // and nothing answers /whoami
```

## What to do
Register the handler under the other path too, or ignore the alias with a reason.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding, Related
from port_lsp.rules.rule import Context, Rule, route

NAME = "alias-not-mounted"


def check(context: Context) -> Iterator[Finding]:
    """One finding per alias, at its decorator in the backend."""
    for _, ours, theirs in context.drifted(NAME):
        yield Finding(
            rule=NAME,
            severity="warning",
            side="backend",
            place=ours.registered,
            message=f"{ours.handler} is ported, but the crate doesn't answer {route(ours)}",
            item=ours.id,
            related=(Related("crate", theirs.registered, f"{theirs.handler}: {route(theirs)}"),),
        )


RULE = Rule(NAME, "warning", check, __doc__ or "", drift=True)
