"""# method-drift

## What it does
Finds endpoints that the crate has under the right path but with another method.

## Why is this bad?
The backend's clients send the backend's method and get a 405.

## Example
```python
@router.put("/notes/{note_id}")
async def update_note(note_id: int, form: NoteForm): ...
```
```rust
.route("/notes/{note_id}", post(update_note))
```

## What to do
Register the handler with the backend's method: `put(update_note)`.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding, Related
from port_lsp.rules.rule import Context, Rule, route

NAME = "method-drift"


def check(context: Context) -> Iterator[Finding]:
    """One finding per link, at the crate's registration."""
    for _, ours, theirs in context.drifted(NAME):
        yield Finding(
            rule=NAME,
            severity="warning",
            side="crate",
            place=theirs.registered,
            message=f"{theirs.handler} answers {theirs.method}, "
            f"the backend's clients send {ours.method}",
            item=theirs.id,
            related=(Related("backend", ours.registered, route(ours)),),
        )


RULE = Rule(NAME, "warning", check, __doc__ or "", drift=True)
