"""Code actions: porting an item, and verdicts about a pair, written into the configuration.

Listed cheaply; the edit is made when an action is chosen, where the client can wait for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from port_lsp.config.edit import ConfigEditError
from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.linking.loose import most_alike, resemblance
from port_lsp.patterns.port import Target
from port_lsp.server.catalog import OTHER, Item
from port_lsp.server.context import Context
from port_lsp.server.errors import content_modified, failed
from port_lsp.server.messages import OPEN_VERDICT
from port_lsp.server.porting import Places, choices, edit_of, is_wanted
from port_lsp.server.positions import At
from port_lsp.server.session import Session
from port_lsp.server.verdicts import Verdict, written
from port_lsp.server.view import View

_MOST = 4  # items of one position, and candidates of one item
_SETTLED = "pin"
_QUICK = "quickfix"


class ActionData(msgspec.Struct, frozen=True):
    """What an action carries: the document it was listed for, as it was, and the verdict to write
    or what to port."""

    uri: str
    version: int | None
    verdict: Verdict | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class _Choice:
    title: str
    verdict: Verdict
    rule: str | None = None


_Listed = tuple[types.CodeAction, ActionData]


def handle(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The answer to textDocument/codeAction."""
    context = session.context()
    if not context.client.code_actions:
        return []
    uri, only = params.text_document.uri, _kinds(params.context.only)
    at = context.at(uri, params.range.start)
    listed = [*_portings(context, uri, at, params, only, session.places)]
    if is_wanted(_QUICK, only):
        found: dict[str, _Choice] = {}
        for item in at.items[:_MOST]:
            for choice in _choices(context.view, item):
                found.setdefault(choice.title, choice)
        listed += [_action(context, uri, choice, params) for choice in found.values()]
    if context.client.resolve_edits:
        return [action for action, _ in listed]
    return [_at_once(session, action, data) for action, data in listed]


def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """The answer to codeAction/resolve. Errors: ContentModified where the document is another
    version than when the action was listed; a refusal where the file can't be edited."""
    context = session.context()
    try:
        data = msgspec.convert(action.data, ActionData)
    except msgspec.ValidationError as error:
        raise failed(f"this action isn't port-lsp's: {error}") from error
    if context.version(data.uri) != data.version:
        raise content_modified()
    return _with_edit(session, action, data)


def _kinds(only: object) -> list[str] | None:
    """The kinds that are asked for; None where all are."""
    if not isinstance(only, list | tuple):
        return None
    return [str(getattr(kind, "value", kind)) for kind in only]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] (an open enumeration)


def _portings(
    context: Context,
    uri: str,
    at: At,
    params: types.CodeActionParams,
    only: list[str] | None,
    places: Places,
) -> Iterator[_Listed]:
    where, items = context.where(uri), at.items[:_MOST]
    found = choices(context, where, items, at.field, places) if where is not None else ()
    for choice in found:
        data = ActionData(uri, context.version(uri), targets=choice.targets)
        fixed = [d for d in params.context.diagnostics if d.code == choice.rule]
        kind = _QUICK if fixed else choice.kind
        if is_wanted(kind, only) or is_wanted(choice.kind, only):
            action = types.CodeAction(
                title=choice.title,
                kind=kind if is_wanted(kind, only) else choice.kind,
                diagnostics=fixed or None,
                data=msgspec.to_builtins(data),
            )
            yield action, data


def _choices(view: View, item: Item) -> Iterator[_Choice]:
    """What can be settled about an item."""
    return _of_backend(view, item) if item.side == "backend" else _of_crate(view, item)


def _of_backend(view: View, item: Item) -> Iterator[_Choice]:
    for link in view.links(item):
        ends = view.ends(item, link)
        for end in ends[:_MOST]:
            yield from _about(view, item, end, link, _named(view, end))
        for candidate in link.candidates[:_MOST] if not ends else ():
            end = view.items.get(("crate", item.kind, candidate.crate))
            if end is not None:
                yield _pin(view, item, end, _named(view, end))
        if link.presence == "unported" and not link.candidates:
            for end in _resembling(view, item):
                yield _pin(view, item, end, _named(view, end))
        if link.presence in ("unported", "stub"):
            rule = "unported-endpoint" if item.kind == "endpoint" else "unported-model"
            verdict = Verdict("ignore", _name(view, item))
            yield _Choice(f"Won't port {item.title}, because…", verdict, rule)


def _of_crate(view: View, item: Item) -> Iterator[_Choice]:
    pairs = [(end, link) for link in view.links(item) for end in view.ends(item, link)]
    for end, link in pairs[:_MOST]:
        yield from _about(view, end, item, link, _named(view, end))
    for end in (_might_be(view, item) or _resembling(view, item)) if not pairs else ():
        yield _pin(view, end, item, _named(view, end))


def _named(view: View, end: Item) -> str:
    """The other end of a pair, as an action says it."""
    return f"{end.title} in {view.where(end)}"


def _about(view: View, ours: Item, theirs: Item, link: Link, named: str) -> Iterator[_Choice]:
    """The verdicts about a pair that is linked."""
    if not any(evidence.kind == _SETTLED for evidence in link.evidence):
        yield _pin(view, ours, theirs, named)
    verdict = Verdict("unpin", _name(view, ours), _name(view, theirs))
    yield _Choice(f"Not the counterpart: {named}", verdict)


def _pin(view: View, ours: Item, theirs: Item, named: str) -> _Choice:
    verdict = Verdict("pin", _name(view, ours), _name(view, theirs))
    return _Choice(f"This is the counterpart: {named}", verdict)


def _might_be(view: View, item: Item) -> list[Item]:
    """The backend's items without a counterpart that an item of the crate is a candidate for."""
    other = OTHER[item.side]
    found = [
        end
        for end in view.items.values()
        if end.side == other and end.kind == item.kind
        for link in view.links(end)
        if any(candidate.crate == item.id for candidate in link.candidates)
        if not view.ends(end, link)
    ]
    return found[:_MOST]


def _resembling(view: View, item: Item) -> list[Item]:
    """The other side's items without a counterpart that are most like an item of which linking has
    no candidate."""
    there = OTHER[item.side]

    def scored() -> Iterator[tuple[float, Item]]:
        for end in view.items.values():
            if end.side != there or end.kind != item.kind:
                continue
            ours, theirs = (item, end) if item.side == "backend" else (end, item)
            # What is asked first is what costs less: whether two functions have one name.
            if item.kind == "function" and not resemblance(ours.fact, theirs.fact):
                continue
            if _is_open(view, end):
                yield resemblance(ours.fact, theirs.fact), end

    return most_alike(scored())


def _is_open(view: View, item: Item) -> bool:
    return any(link.presence in ("unported", "rust-only") for link in view.links(item))


def _name(view: View, item: Item) -> str:
    """How a configuration names an item: by its key, by its id where a handler has several."""
    fact = item.fact
    if not isinstance(fact, Endpoint):
        return item.id
    routes = (i for i in view.in_file(item.side, item.place.file) if i.kind == "endpoint")
    several = sum(one.fact.key == fact.key for one in routes) > 1
    return item.id if several else fact.key


def _action(context: Context, uri: str, choice: _Choice, params: types.CodeActionParams) -> _Listed:
    diagnostics = [d for d in params.context.diagnostics if d.code == choice.rule]
    data = ActionData(uri, context.version(uri), choice.verdict)
    action = types.CodeAction(
        title=choice.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=diagnostics or None,
        data=msgspec.to_builtins(data),
    )
    return action, data


def _at_once(session: Session, action: types.CodeAction, data: ActionData) -> types.CodeAction:
    """The action with its edit, for a client that doesn't ask for it later."""
    action.data = None
    try:
        return _with_edit(session, action, data)
    except JsonRpcException as error:  # it says why it can't be done
        action.disabled = types.CodeActionDisabled(reason=str(error))
        return action


def _with_edit(session: Session, action: types.CodeAction, data: ActionData) -> types.CodeAction:
    context = session.context()
    if data.verdict is None:
        action.edit = edit_of(context, session.port(data.targets), action.title)
        return action
    try:
        result = written(context, data.verdict)
    except ConfigEditError as error:
        raise failed(str(error)) from error
    action.edit = result.edit
    if result.reason is not None and context.client.show_document:
        place = types.Location(result.uri, result.reason)
        action.command = types.Command(title="Say why", command=OPEN_VERDICT, arguments=[place])
    return action
