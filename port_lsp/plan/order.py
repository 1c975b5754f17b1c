"""Steps from what rests on what: models before the routers that use them."""

from __future__ import annotations

from collections.abc import Iterator

from port_lsp.facts.items import Side
from port_lsp.plan.steps import PlannedFile, Step


def steps_of(backend: Side) -> tuple[Step, ...]:
    """Models, in the order in which they hold one another; then routers, those that need the least
    first; then the files of events. A file is where its routes are, else its events, else its
    models."""
    models = {one.key: one.place.file for one in backend.models}
    endpoints: dict[str, set[str]] = {}
    for one in backend.endpoints:
        needs = endpoints.setdefault(one.place.file, set())
        signature = one.signature
        named = (*signature.body_models, *signature.response_models, signature.response_model)
        needs |= {models[key] for key in named if key in models}
    events = dict.fromkeys(one.place.file for one in backend.events)
    rests = {file: set[str]() for file in models.values() if file not in {*endpoints, *events}}
    for model in backend.models:
        if model.place.file in rests:
            held = {models[key] for key in model.bases if key in models}
            rests[model.place.file] |= held - {model.place.file}
    routers = sorted(endpoints, key=lambda file: (len(endpoints[file] - {file}), file))
    steps = (
        Step("Models", tuple(map(PlannedFile, _in_order(rests)))),
        Step("Endpoints", tuple(map(PlannedFile, routers))),
        Step("Events", tuple(PlannedFile(one) for one in sorted(events) if one not in endpoints)),
    )
    return tuple(step for step in steps if step.files)


def _in_order(rests: dict[str, set[str]]) -> Iterator[str]:
    """Files, each behind those that it rests on; of a circle, the first by name."""
    left = {file: {one for one in on if one in rests} for file, on in rests.items()}
    while left:
        free = sorted(file for file, on in left.items() if not on & left.keys())
        for file in free or sorted(left)[:1]:
            yield file
            del left[file]
