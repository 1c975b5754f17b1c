"""Hover: the counterpart's full route, presence, drift, why they are linked, who may call them."""

import re

from lsprotocol import types

from port_lsp.facts.items import Endpoint, Field
from port_lsp.facts.links import Link
from port_lsp.server.catalog import OTHER, Item
from port_lsp.server.context import Context
from port_lsp.server.positions import At, at
from port_lsp.server.targets import targets
from port_lsp.server.words import guard, state

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|]")
_MOST = 5  # items of one position: a wildcard stands for many


def handle(context: Context, params: types.HoverParams) -> types.Hover | None:
    """The answer to textDocument/hover; only over names and registrations, not whole bodies."""
    where = context.where(params.text_document.uri)
    if where is None:
        return None
    found = at(context.view, where.side, where.path, context.offset(where, params.position))
    if found.span is None:
        return None
    kind = types.MarkupKind.Markdown if context.client.markdown else types.MarkupKind.PlainText
    text = _Writer(context).write(found)
    return types.Hover(types.MarkupContent(kind, text), context.range(where.file, found.span))


class _Writer:
    """Writes a hover, as Markdown or plain."""

    def __init__(self, context: Context) -> None:
        self._context, self._view = context, context.view
        self._markdown = context.client.markdown

    def write(self, found: At) -> str:
        """All of it."""
        parts = [self._item(item, found.field) for item in found.items[:_MOST]]
        if len(found.items) > _MOST:
            parts.append(f"and {len(found.items) - _MOST} more")
        return ("\n\n---\n\n" if self._markdown else "\n\n").join(parts)

    def _item(self, item: Item, field: Field | None) -> str:
        links = self._view.links(item)
        lines = [self._strong(f"{item.title}.{field.name}" if field else item.title)]
        if field is not None:
            lines += self._field(item, field)
        elif not links:
            lines.append("not looked at yet")
        elif item.side == "backend":
            lines += self._link(item, links[0])
        else:
            for link in links[:_MOST]:
                lines += self._link(item, link)
        if item.side == "crate" and isinstance(item.fact, Endpoint) and not item.fact.reachable:
            lines.append(f"can't be reached: {item.fact.unreachable_reason or 'shadowed'}")
        return ("  \n" if self._markdown else "\n").join(lines)

    def _link(self, item: Item, link: Link) -> list[str]:
        view, context = self._view, self._context
        ends = view.ends(item, link)
        lines = [self._plain(state(link) + (f" ({link.sign})" if link.sign else ""))]
        arrow = self._arrow(item)
        lines += [f"{arrow} {self._code(end.title)} {context.link(end)}" for end in ends]
        if (function := view.inline(item, link)) is not None:
            lines.append(f"→ inline in {context.link(function)}")
        if isinstance(item.fact, Endpoint):
            lines += self._guards(item.fact, ends)
        if ends or link.evidence:
            lines.append(f"confidence {link.confidence:.2f}")
        lines += [f"- {e.kind} {e.weight:.2f}: {self._plain(e.detail)}" for e in link.evidence]
        if not ends:
            lines += self._candidates(item, link)
        return lines

    def _candidates(self, item: Item, link: Link) -> list[str]:
        lines: list[str] = []
        for candidate in link.candidates:
            end = self._view.items.get((OTHER[item.side], item.kind, candidate.crate))
            if end is not None:
                place = self._context.link(end)
                score = f"{candidate.confidence:.2f}"
                lines.append(f"- perhaps {self._code(end.title)} {place} ({score})")
        return lines

    def _guards(self, fact: Endpoint, ends: list[Item]) -> list[str]:
        there = [end.fact.signature.guard for end in ends if isinstance(end.fact, Endpoint)]
        said = f"guard: {guard(fact.signature.guard)}"
        return [self._plain(said + (f"; there: {guard(there[0])}" if there else ""))]

    def _field(self, item: Item, field: Field) -> list[str]:
        shown = [f"{self._code(field.annotation or '?')}"]
        found = [t for t in targets(self._view, At((item,), field)) if not t.planned]
        for target in found:
            if target.place is not None and target.place != item.place:
                place = self._context.link_to(target.side, target.place)
                shown.append(f"{self._arrow(item)} {place}")
        return shown

    def _arrow(self, item: Item) -> str:
        return "→" if item.side == "backend" else "←"

    def _strong(self, text: str) -> str:
        return f"**{self._code(text)}**" if self._markdown else text

    def _plain(self, text: str) -> str:
        """Text in which nothing is Markdown."""
        return _SPECIAL.sub(r"\\\g<0>", text) if self._markdown else text

    def _code(self, text: str) -> str:
        return f"`{text.replace('`', chr(39))}`" if self._markdown else text
