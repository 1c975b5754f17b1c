"""# unported-endpoint

## What it does
Finds endpoints of the backend that have no counterpart in the crate.

## Why is this bad?
It isn't: it is what is left to do. A client of the finished port would get a 404 here.

## Example
```python
@router.get("/notes/search")
async def search_notes(q: str): ...  # nothing in the crate answers GET /notes/search
```

## What to do
Port it: the code action on the endpoint writes what can be written by rule. If it won't be ported,
say so in the configuration (`[[ignore]]` with a reason) or in a comment above it:
`# port: ignore[unported-endpoint] replaced by the new search`. If the crate has it under a name
that wasn't recognised, pin it: `# port: src/routes/notes.rs::find_notes`.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding
from port_lsp.rules.rule import Context, Rule, route

NAME = "unported-endpoint"

_NEAR = 0.4  # the confidence from which on a candidate is worth a word


def check(context: Context) -> Iterator[Finding]:
    """One finding per endpoint: at its name, or at its decorator where its handler has several."""
    for link in context.links.endpoints:
        if link.presence != "unported" or link.backend is None:
            continue
        endpoint = context.backend_endpoints[link.backend]
        near = (
            f"; nearest is {_nearest(context, link.candidates[0].crate)}"
            if link.candidates and link.candidates[0].confidence >= _NEAR
            else ""
        )
        several = endpoint.key in context.aliased
        yield Finding(
            rule=NAME,
            severity="information",
            side="backend",
            place=endpoint.registered if several else endpoint.place,
            message=f"{route(endpoint)} isn't ported{near}",
            item=endpoint.id,
        )


def _nearest(context: Context, crate: str) -> str:
    endpoint = context.crate_endpoints[crate]
    return f"{route(endpoint)} in {endpoint.place.file}"


RULE = Rule(NAME, "information", check, __doc__ or "")
