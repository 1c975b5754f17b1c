"""By which sign a Rust function is a stub: it is there, but nobody has ported its body yet.

Only certain signs count, each named in words: `todo!()`, an answer that says "not implemented",
a request body that is never looked at, a constant answer where a comment says that this isn't
final or where the request's data is never looked at. A constant answer alone is no sign: a health
check gives one too.
"""

import re
from collections.abc import Sequence

from tree_sitter import Node

from port_lsp.rust.literals import blanked
from port_lsp.rust.syntax import Source

_PANICS = re.compile(rb"\b(?:todo|unimplemented)!")
_NOT_IMPLEMENTED = re.compile(
    r"\bNOT_IMPLEMENTED\b|\bNotImplemented\b|not (?:yet )?(?:fully )?implemented", re.I
)
# What a stub has in its body, in part of the spellings; searching for bytes costs next to nothing.
_HINTS = (
    b"TODO", b"FIXME", b"todo", b"mplemented", b"MPLEMENTED", b"laceholder", b"or now", b"tub",
    b"mock", b"Mock", b"ummy", b"XXX",
)  # fmt: skip
_UNFINISHED = re.compile(
    r"\b(?:todo|fixme|xxx|stub(?:bed)?|placeholder|mock(?:ed)?|dummy|unimplemented|for now"
    r"|not (?:yet )?(?:fully )?(?:implemented|supported))\b",
    re.I,
)
_BODY = re.compile(r"\b(?:Json|Form|Multipart|MultipartForm|TypedMultipart|Bytes)\b")
_DATA = re.compile(r"\b(?:Json|Form|Multipart|MultipartForm|TypedMultipart|Bytes|Path|Query)\b")

_LONGEST = 4000  # bytes of a body; what is longer is no constant answer
_LOGS = re.compile(r"(?:(?:tracing|log)::)?(?:trace|debug|info|warn|error|println|eprintln|dbg)!")
_READS = re.compile(r"\.\s*(?:get|find|fetch|load|read|list)\w*\s*\(")
_VARIABLE = re.compile(r"(?<![.\w:'])([a-z_]\w*)\b(?!\s*(?:!|\(|::|:(?!:)))")
_CALL = re.compile(r"(?<!\w)(\w+!?)\s*(?:::\s*<[^()]*?>\s*)?[(\[{]")
_KEYWORDS = """
    null true false mut ref as dyn str bool char usize u8 u16 u32 u64 i8 i16 i32 i64 f32 f64
"""
_CONSTRUCTORS = """
    body boxed content_type default empty env! finish format! from from_static header html
    insert_header append_header into into_response json json! new ok ready status to_owned
    to_string vec! with_capacity concat! build
"""
_TOUCHES = re.compile(r"let _ = (?:&?[\w.]+|\(\s*(?:&?[\w.]+,?\s*)*\));")
_WORDS, _CALLS = frozenset(_KEYWORDS.split()), frozenset(_CONSTRUCTORS.split())
_VALUES = frozenset(
    {"call_expression", "struct_expression", "tuple_expression", "macro_invocation"}
)


def stub_sign(body: Node, parameters: Sequence[tuple[str, str]], source: Source) -> str | None:
    """The sign by which a function is a stub, in words; None where there is none.

    `body` is the function's block, `parameters` are pattern and type of each as written.
    """
    text = source.data[body.start_byte : body.end_byte]
    panics = b"todo!" in text or b"unimplemented!" in text
    unused = next((p for p, kind in parameters if _BODY.search(kind) and _is_unused(p)), None)
    if unused is None and not any(hint in text for hint in _HINTS) and not _looks_away(parameters):
        return None
    statements = list(body.named_children)
    code = [node for node in statements if not node.type.endswith("comment")]
    if panics and (sign := _panics(body, code, source)):
        return sign
    if code and _says_not_implemented(code[-1], source) and not _answers_before(code, source):
        return "it answers that it isn't implemented"
    if unused is not None:
        return f"the request's body is never looked at: `{unused}`"
    if len(text) > _LONGEST or not _is_constant(code, source):
        return None
    if any(_is_unfinished(node, source) for node in statements):
        return "constant answer under a TODO"
    if code and _looks_away(parameters):
        return "constant answer, the request's data is never looked at"
    return None


def is_bare(code: Sequence[Node], source: Source, *, is_unfinished: bool) -> bool:
    """Whether nothing is lost with a body's statements, and they say that they are none yet: they
    only touch what is bound, and the last one panics, says that it isn't implemented, or always
    gives the same where `is_unfinished`, by a comment."""
    if not code:
        return is_unfinished
    if not all(_TOUCHES.fullmatch(source.text(node)) for node in code[:-1]):
        return False
    text = source.text(code[-1])
    if _macro(code[-1], source) in ("todo", "unimplemented"):
        return True
    if ".await" in text or "?" in blanked(text):
        return False
    value = text.removeprefix("return ").rstrip(";")
    return _says_not_implemented(code[-1], source) or (is_unfinished and _is_value(value, set()))


def says_unfinished(comment: str) -> bool:
    """Whether a comment says that something isn't done yet."""
    return _UNFINISHED.search(comment) is not None


def _is_unused(pattern: str) -> bool:
    """Whether every name of a pattern begins with an underscore: `_form`, `Json(_)`, `(_a, _b)`."""
    names = re.findall(r"\b[a-z_]\w*", pattern)
    return bool(names) and all(name.startswith("_") for name in names)


def _looks_away(parameters: Sequence[tuple[str, str]]) -> bool:
    data = [pattern for pattern, kind in parameters if _DATA.search(kind)]
    return bool(data) and all(_is_unused(pattern) for pattern in data)


def _panics(body: Node, code: Sequence[Node], source: Source) -> str | None:
    """`todo!()` as the answer, or `todo!()` on one of the ways through the body."""
    if code and (name := _macro(code[-1], source)) in ("todo", "unimplemented"):
        return f"`{name}!()`"
    for match in _PANICS.finditer(source.data, body.start_byte, body.end_byte):
        node = body.descendant_for_byte_range(match.start(), match.end() - 1)
        if node is None or node.type != "identifier":
            continue  # in a comment or a string
        name = source.text(node)
        if name == "todo" or any(_macro(statement, source) == name for statement in code):
            return f"`{name}!()` on one of its ways"
    return None


def _macro(node: Node, source: Source) -> str | None:
    """The name of the macro that a statement calls."""
    if node.type == "expression_statement" and node.named_child_count:
        node = node.named_children[0]
    if node.type == "return_expression" and node.named_child_count:
        node = node.named_children[0]
    name = node.child_by_field_name("macro") if node.type == "macro_invocation" else None
    return source.text(name) if name is not None else None


def _says_not_implemented(last: Node, source: Source) -> bool:
    """Whether the last answer says so."""
    if last.type == "expression_statement" and last.named_child_count:
        last = last.named_children[0]
    if last.type == "return_expression" and last.named_child_count:
        last = last.named_children[0]
    if last.type not in _VALUES or last.end_byte - last.start_byte > _LONGEST:
        return False
    text = source.text(last)
    return "=>" not in text and _NOT_IMPLEMENTED.search(text) is not None


def _answers_before(code: Sequence[Node], source: Source) -> bool:
    """Whether one of the ways before the last answer does some work and answers."""
    return any(
        node.type == "expression_statement" and "return" in text and ".await" in text
        for node in code[:-1]
        if (text := source.text(node))
    )


def _is_constant(code: Sequence[Node], source: Source) -> bool:
    """Whether a body gives the same answer whatever was asked, but for its guards."""
    known: set[str] = set()
    for node in code[:-1]:
        kind = node.type
        if kind in ("use_declaration", "empty_statement", "const_item"):
            continue
        text = source.text(node)
        if kind == "let_declaration":
            name, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
            if name is None or value is None:
                return False
            bound = source.text(name)
            if _is_value(source.text(value), known):
                known.add(bound)
            elif "await" in text and not (bound.startswith("_") or _READS.search(text)):
                return False  # it may have written something
        elif kind == "expression_statement":
            guard = text.startswith("if ") and "return" in text and "else" not in text
            if not (guard or _LOGS.match(text) or text.startswith("drop(")):
                return False
        else:
            return False
    if not code:
        return True
    last = source.text(code[-1]).removeprefix("return ").rstrip(";")
    return bool(_LOGS.match(last)) or _is_value(last, known)


def _is_value(text: str, known: set[str]) -> bool:
    """Whether an expression says the same each time: literals in constructors."""
    text = blanked(text)
    if "?" in text or "|" in text or ".await" in text:
        return False
    for name in _CALL.findall(text):
        if name[0].islower() and name not in _CALLS:
            return False
    return all(name in _WORDS or name in known for name in _VARIABLE.findall(text))


def _is_unfinished(node: Node, source: Source) -> bool:
    """A comment on a line of its own that says so."""
    if not node.type.endswith("comment"):
        return False
    line = source.data.rfind(b"\n", 0, node.start_byte) + 1
    own = not source.data[line : node.start_byte].strip()
    return own and _UNFINISHED.search(source.text(node)) is not None
