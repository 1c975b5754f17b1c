"""`portLsp/plan`: what there is to port, by steps and files, and how far each item is."""

from port_lsp.facts.items import Endpoint, Event
from port_lsp.plan import PlannedFile, plan_of
from port_lsp.server.catalog import Item, ItemKind
from port_lsp.server.context import Context
from port_lsp.server.counts import shares
from port_lsp.server.messages import AllShares, Plan, PlanFile, PlanItem, PlanPlace, PlanStep
from port_lsp.server.view import View


def handle(context: Context, params: object) -> Plan:
    """The plan that is followed (`plan.find`), with all items."""
    snapshot = context.view.snapshot
    followed = plan_of(snapshot)
    steps = tuple(
        PlanStep(step.title, tuple(_file(context, one) for one in step.files))
        for step in followed.steps
    )
    source = context.uri(followed.source) if followed.source else ""
    return Plan(snapshot.revision, steps, source, followed.problem)


def _file(context: Context, planned: PlannedFile) -> PlanFile:
    view, path = context.view, planned.file
    every = view.in_file("backend", path)
    # What answers a route or an event is there as that; it isn't ported a second time.
    told = {item.fact.key for item in every if isinstance(item.fact, Endpoint | Event)}
    listed = tuple(item for item in every if item.kind != "function" or item.id not in told)
    counted = AllShares(*(_shares(view, listed, kind)
                          for kind in ("endpoint", "model", "event", "function")))  # fmt: skip
    items = (_item(context, item) for item in listed)
    found = tuple(item for item in items if item is not None)
    uri = context.file_uri("backend", path)
    return PlanFile(path, uri, counted, found, planned.complexity, planned.effort)


def _shares(view: View, listed: tuple[Item, ...], kind: ItemKind):
    return shares(link for item in listed if item.kind == kind for link in view.links(item))


def _item(context: Context, item: Item) -> PlanItem | None:
    view = context.view
    links = view.links(item)
    if not links:
        return None
    link = links[0]
    ends = view.ends(item, link)
    end = ends[0] if ends else view.inline(item, link)
    return PlanItem(
        id=item.id,
        kind=item.kind,
        title=item.title,
        place=_place(context, item),
        presence=link.presence,
        drift=link.drift,
        word=link.word,
        counterpart=_place(context, end) if end is not None else None,
    )


def _place(context: Context, item: Item) -> PlanPlace:
    line = context.view.line(item.side, item.place) - 1
    uri = context.file_uri(item.side, item.place.file)
    return PlanPlace(item.place.file, uri, line)
