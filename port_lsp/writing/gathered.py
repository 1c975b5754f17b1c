"""Methods of one type that several pieces bring: in one impl, behind the struct that is new."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Type

_MAKES = "new"


def gathered(items: Sequence[i.Item]) -> list[i.Item]:
    """The items of a file with one impl for each type, where the struct stands, if it is new; what
    makes the object comes first in it. Impls of traits stay by themselves."""
    own: dict[AnyType, list[i.Impl]] = {}
    for one in items:
        if isinstance(one, i.Impl) and _is_bare(one):
            own.setdefault(one.type, []).append(one)
    several = {kind: impls for kind, impls in own.items() if len(impls) > 1}
    structs = {one.name for one in items if isinstance(one, i.Struct)}
    made: list[i.Item] = []
    done: set[AnyType] = set()

    def impl(kind: AnyType) -> None:
        functions = [each for one in several[kind] for each in one.items]
        functions.sort(key=lambda each: each.name != _MAKES)
        made.append(replace(several[kind][0], items=tuple(dict.fromkeys(functions))))
        done.add(kind)

    for one in items:
        if not (isinstance(one, i.Impl) and _is_bare(one) and one.type in several):
            made.append(one)
        elif one.type not in done and _name(one.type) not in structs:
            impl(one.type)
        if isinstance(one, i.Struct):
            for kind in several:
                if _name(kind) == one.name and kind not in done:
                    impl(kind)
    return made


def _is_bare(one: i.Impl) -> bool:
    return one.trait is None and not (one.generics or one.where or one.attributes)


def _name(kind: AnyType) -> str:
    return kind.head.name if isinstance(kind, Type) else ""
