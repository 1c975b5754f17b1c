"""# unported-model

## What it does
Finds models of the backend (Pydantic classes, tables, enums, typed dictionaries, dataclasses) that
no struct or enum of the crate stands for, and that no handler writes or reads inline.

## Why is this bad?
It isn't: it is what is left to do. Handlers that need the model can't be ported before it.

## Example
```python
class CommentForm(BaseModel):  # the crate has no such struct
    text: str
```

## What to do
Port it: the code action on the class writes the struct with its serde attributes. Or pin it to the
struct that stands for it, or ignore it with a reason.
"""

from collections.abc import Iterator

from port_lsp.facts.links import Finding
from port_lsp.rules.rule import Context, Rule

NAME = "unported-model"


def check(context: Context) -> Iterator[Finding]:
    """One finding per model, at its name."""
    for link in context.links.models:
        if link.presence == "unported" and link.backend is not None:
            model = context.backend_models[link.backend]
            what = "table" if model.table else model.kind if model.kind == "enum" else "model"
            yield Finding(
                rule=NAME,
                severity="hint",
                side="backend",
                place=model.place,
                message=f"the {what} {model.name} isn't ported",
                item=model.key,
            )


RULE = Rule(NAME, "hint", check, __doc__ or "", about="models")
