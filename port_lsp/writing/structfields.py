"""Changes a struct that is there: new fields, other names on the wire, and a value for each new
field where the struct's fields are listed in full."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.rust.attributes import attributes
from port_lsp.rust.constructions import Listing, listings
from port_lsp.rust.literals import split
from port_lsp.rust.structtext import AttributeText, StructText, field_at, struct_at
from port_lsp.text import Edit, Span
from port_lsp.writing.draft import Filling, Naming, NewFields
from port_lsp.writing.ir.body import Expr
from port_lsp.writing.ir.items import Attribute, Field, Meta
from port_lsp.writing.printer.attributes import print_attribute
from port_lsp.writing.printer.items import print_expression, print_fields
from port_lsp.writing.printer.layout import STEP, STRUCT, WIDTH, pad
from port_lsp.writing.printer.names import Names, identifier

_NAMING = frozenset(("rename", "alias"))
_SERDE = "serde"


class CannotChangeError(ValueError):
    """A struct or a listing of its fields isn't there in a form that can be changed."""


def new_fields_edit(data: bytes, at: int, new: NewFields, names: Names) -> Edit:
    """The edit of the struct whose name begins at a byte offset. Raises CannotChangeError."""
    struct = struct_at(data, at)
    if struct is None:
        raise CannotChangeError(f"{new.key} has no fields with names")
    body = data[struct.body.start : struct.body.end]
    first = struct.fields[0].span.start if struct.fields else struct.body.end - 1
    if b"\n" not in data[struct.body.start : first]:
        return Edit(struct.body, _on_lines(data, struct, new, names))
    indent = _indent(data, struct.fields[0].declared.start) if struct.fields else STEP
    indent = indent if struct.fields else _indent(data, at) + STEP
    places: dict[int, str] = {}
    commas: set[int] = set()
    for after, group in _grouped(new.fields).items():
        text = print_fields(group, names, indent)
        anchor = next((one for one in struct.fields if one.name == after), None)
        if anchor is None:
            line = data.rfind(b"\n", 0, first) + 1
            places[line if struct.fields else struct.body.end - 1] = f"{text}\n"
        else:
            places[anchor.line] = f"\n{text}"
            if anchor.comma < 0:
                commas.add(anchor.declared.end)
    for offset in sorted({*places, *commas}, reverse=True):
        insert = ("," if offset in commas else "") + places.get(offset, "")
        split_at = offset - struct.body.start
        body = body[:split_at] + insert.encode() + body[split_at:]
    return Edit(struct.body, body.decode("utf-8", "replace"))


def _grouped(fields: Sequence[tuple[Field, str]]) -> dict[str, list[Field]]:
    """By the field that is there already, those that come behind it, in order."""
    found: dict[str, list[Field]] = {}
    for field, after in fields:
        found.setdefault(after, []).append(field)
    return found


def _on_lines(data: bytes, struct: StructText, new: NewFields, names: Names) -> str:
    """The body of a struct that was written on one line, with a line for each field."""
    indent = _indent(data, struct.body.start) + STEP
    groups = _grouped(new.fields)
    inside = data[struct.body.start + 1 : struct.body.end - 1].decode("utf-8", "replace").strip()
    lines = [pad(indent) + inside] if inside and not struct.fields else []
    if "" in groups:
        lines.append(print_fields(groups[""], names, indent))
    start = struct.body.start + 1
    for field in struct.fields:
        end = max(field.line, field.comma, field.declared.end)
        text = data[start:end].decode("utf-8", "replace").strip()
        lines.append(pad(indent) + (text if field.comma >= 0 else f"{text},"))
        if field.name in groups:
            lines.append(print_fields(groups[field.name], names, indent))
        start = end
    return "{\n" + "\n".join(lines) + f"\n{pad(indent - STEP)}}}"


def naming_edit(data: bytes, at: int, naming: Naming) -> Edit:
    """The edit of the field whose name begins at a byte offset. Raises CannotChangeError."""
    field = field_at(data, at)
    if field is None:
        raise CannotChangeError(f"{naming.key} has no field {naming.name}")
    if any(_is_conditional(data, one) for one in field.attributes):
        raise CannotChangeError(f"what serde is told of {naming.name} depends on a `cfg`")
    indent = _indent(data, field.declared.start)
    own = [one for one in field.attributes if _is_serde(one)]
    if not own:
        text = print_attribute(Attribute(_SERDE, naming.words), indent, 1)
        spot = Span(field.declared.start, field.declared.start)
        return Edit(spot, f"{text}\n{pad(indent)}")
    start, end = field.span.start, field.declared.start
    text = ""
    words = naming.words
    for one in own:
        rest = [word for word in _words(data, one.span) if not _is_naming(word)]
        metas = (*words, *(Meta(word) for word in rest))
        words = ()
        text += data[start : one.span.start].decode("utf-8", "replace")
        start = one.span.end
        if metas:
            text += print_attribute(Attribute(_SERDE, metas), indent, 1)
        else:  # with the line that it stood on
            while start < end and data[start : start + 1].isspace():
                start += 1
    text += data[start:end].decode("utf-8", "replace")
    return Edit(Span(field.span.start, end), text)


def _is_serde(one: AttributeText) -> bool:
    return any(meta.name == _SERDE for meta in one.metas)


def _is_conditional(data: bytes, one: AttributeText) -> bool:
    return _is_serde(one) and b"cfg_attr" in data[one.span.start : one.span.end].partition(b"(")[0]


def _words(data: bytes, span: Span) -> list[str]:
    """What stands in the brackets of an attribute."""
    text = data[span.start : span.end].decode("utf-8", "replace")
    return list(split(text[text.find("(") + 1 : text.rfind(")")]))


def _is_naming(word: str) -> bool:
    (meta,) = attributes([f"#[{word}]".encode()])
    return meta.path in _NAMING


def filling_edit(data: bytes, at: int, filling: Filling, names: Names) -> Edit:
    """The edit of the listing that begins at a byte offset. Raises CannotChangeError."""
    found = (one for one in listings(data, frozenset((filling.name,))) if one.at == at)
    listing = next(found, None)
    if listing is None or listing.kind not in ("literal", "pattern"):
        raise CannotChangeError(f"the fields of {filling.name} can't be listed further")
    indent = _indent(data, listing.at)
    items = [data[one.start : one.end].decode("utf-8", "replace") for one in listing.items]
    if listing.kind == "pattern":
        new = [".."]
    else:
        new = [_said(name, value, names, indent + STEP) for name, value in filling.values]
    inside = data[listing.body.start : listing.body.end]
    if b"\n" not in inside and b"//" not in inside and b"/*" not in inside:
        return Edit(listing.body, _relaid(data, listing, items, new, indent))
    return _added(data, listing, new, indent)


def _said(name: str, value: Expr, names: Names, indent: int) -> str:
    head = f"{identifier(name)}: "
    return head + print_expression(value, names, indent, indent + len(head))


def _relaid(
    data: bytes, listing: Listing, items: Sequence[str], new: Sequence[str], indent: int
) -> str:
    """A body that stood on one line, there again if rustfmt would leave it there."""
    every = [*(item.rstrip(", ") for item in items), *new]
    line = ", ".join(every)
    column = listing.body.start - data.rfind(b"\n", 0, listing.body.start) - 1
    width = WIDTH if listing.kind == "pattern" else STRUCT
    if len(line) <= width and column + len(line) + 5 <= WIDTH and "\n" not in line:
        return f"{{ {line} }}"
    is_open = listing.kind == "pattern"
    lines = [f"{pad(indent + STEP)}{one}," for one in every]
    if is_open:
        lines[-1] = lines[-1].removesuffix(",")
    return "{\n" + "\n".join(lines) + f"\n{pad(indent)}}}"


def _added(data: bytes, listing: Listing, new: Sequence[str], indent: int) -> Edit:
    """Lines behind the last item of a body that has several."""
    ending = "" if listing.kind == "pattern" else ","
    text = "".join(f"\n{pad(indent + STEP)}{one}{ending}" for one in new)
    if not listing.items:
        spot = Span(listing.body.start + 1, listing.body.start + 1)
        return Edit(spot, text)
    last = listing.items[-1]
    comma = "" if data[last.end - 1 : last.end] == b"," else ","
    end = last.end
    line = data.find(b"\n", end)
    rest = data[end:line].strip() if line >= 0 else b""
    if rest.startswith(b"//") and line < listing.body.end:  # a comment about the last item
        behind = data[end:line].decode("utf-8", "replace").rstrip()
        return Edit(Span(end, end + len(behind.encode())), f"{comma}{behind}{text}")
    return Edit(Span(end, end), f"{comma}{text}")


def _indent(data: bytes, offset: int) -> int:
    """The blanks before the line that an offset is in."""
    line = data[data.rfind(b"\n", 0, offset) + 1 : offset]
    return len(line) - len(line.lstrip(b" "))
