"""SQL that functions of the crate run through sqlx: `query`, `query_as`, macros, builders.

A statement's text is read where it is a literal, `concat!` of literals, or a local of one; what is
put together at run time has none. The row's type comes from the call's own generics, the macro's
first argument, the type of the `let` it is bound to, or the function's answer.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.facts.items import Query
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.rust.literals import split, uncommented, unquote
from port_lsp.rust.syntax import Source
from port_lsp.text import Span

# Searching for bytes costs next to nothing, so most functions are done with here.
HINTS = (b"query(", b"query!", b"query_", b"query::", b"raw_sql", b"QueryBuilder")

_CALL = re.compile(
    rb"(?<![.\w])(query(?:_as|_scalar|_file|_file_as|_file_scalar)?(?:_with)?(?:_unchecked)?(?:_with)?"
    rb"|raw_sql|QueryBuilder)"
    rb"\s*(!|\(|::\s*<|::\s*(?:new|with_arguments)\s*\()"
)
_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(?:\(\s*)?(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|REPLACE|"
    r"TRUNCATE|PRAGMA|BEGIN|COMMIT|ROLLBACK|SET|VALUES|MERGE|EXPLAIN|LOCK|CALL|SHOW|VACUUM)\b",
    re.I,
)
_CHAIN = re.compile(rb"\s*\.\s*(?:bind|fetch|execute|map|try_map|persistent)\w*\s*[(:]")
_TABLE = re.compile(
    r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(?:ONLY\s+)?(?:[\"`\[]?\w+[\"`\]]?\s*\.\s*)?[\"`\[]?(\w+)[\"`\]]?",
    re.I,
)
_MACRO = re.compile(
    r"(?:\w+::)*(?P<name>format|concat|indoc|formatdoc)!\s*[(\[{](?P<inside>.*)[)\]}]", re.S
)
_WRAPPED = re.compile(
    r"(?:\w+::)*(?:AssertSqlSafe|SqlStr|String::from|Cow::Borrowed)\s*\((?P<inside>.*)\)", re.S
)
_LOCAL = re.compile(r"(?:\*\s*)?(?P<name>[a-z_]\w*)(?:\s*\.\s*(?:as_str|clone|as_ref|into)\(\))?")
_BUILT = re.compile(rb"\bbuild_query_(?:as|scalar)\s*::\s*<([^;(){}]*)>\s*\(")
_PASSES = frozenset(
    {"try_expression", "await_expression", "field_expression", "call_expression", "arguments",
     "return_expression"}
)  # fmt: skip
_AROUND = frozenset({"Vec", "Option", "Result", "Box", "Arc", "VecDeque"})
_CALLS = frozenset({"call_expression", "macro_invocation"})


class QueryFact(Record, frozen=True):
    """An SQL statement; see `facts.items.Query`. `function` is qualified inside the file.

    `begins` is the text that a statement put together begins with, as far as it is literal.
    """

    function: str
    span: Span
    macro: str
    sql: str | None
    row_type: str | None = None
    begins: str | None = None


def read_queries(function: Node, name: str, source: Source) -> tuple[QueryFact, ...]:
    """The statements in one function_item, in order; `name` is the function's qualified name."""
    body = function.child_by_field_name("body")
    if body is None:
        return ()
    text = source.data[body.start_byte : body.end_byte]
    if not any(hint in text for hint in HINTS):
        return ()
    return tuple(_read(function, body, name, source))


def queries(file: str, chunk: str, facts: tuple[QueryFact, ...]) -> tuple[Query, ...]:
    """The statements of one chunk as a side lists them: keyed by function and number."""
    found: list[Query] = []
    seen: dict[str, int] = {}
    for fact in facts:
        number = seen[fact.function] = seen.get(fact.function, 0) + 1
        function = item_key(file, fact.function)
        place = Place(file, chunk, fact.span)
        found.append(
            Query(f"{function}#{number}", function, place, fact.macro, fact.sql, fact.row_type)
        )
    return tuple(found)


def tables(sql: str) -> tuple[str, ...]:
    """The tables that a statement names, each once, in order."""
    return tuple(dict.fromkeys(_TABLE.findall(sql)))


def _read(function: Node, body: Node, name: str, source: Source) -> Iterator[QueryFact]:
    for match in _CALL.finditer(source.data, body.start_byte, body.end_byte):
        node = body.descendant_for_byte_range(match.start(), match.start() + 1)
        if node is None or not node.type.endswith("identifier"):
            continue  # in a comment or a string
        call = _call_of(node)
        if call is None:
            continue
        macro = match.group(1).decode()
        arguments = list(_arguments(call, source))
        by_type = call.type == "macro_invocation" and "_as" in macro
        statement = arguments[1:2] if by_type else arguments[:1]
        if "_file" in macro:
            sql, begins = None, None
        else:
            sql, begins = _text(statement[0], call, body, source) if statement else (None, None)
        qualified = source.data.endswith(b"::", body.start_byte, match.start())
        if not qualified and match.group(2) != b"!" and macro != "QueryBuilder":
            # Somebody else's `query(…)`, unless it reads like SQL or goes on like sqlx.
            looks = _SQL.match(sql or begins or "") is not None
            if not looks and not _CHAIN.match(source.data, call.end_byte):
                continue
        if macro == "QueryBuilder":
            sql, begins = None, sql or begins  # the rest is pushed onto it
        row = arguments[0] if by_type and arguments else _row_type(call, function, source)
        yield QueryFact(name, source.span(call), macro, sql, _row(row, name), begins)


def _call_of(node: Node) -> Node | None:
    """The call whose function a name is (part of): through paths and generics only."""
    above = node.parent
    while above is not None and above.type not in _CALLS:
        if above.type not in ("scoped_identifier", "generic_function", "scoped_type_identifier",
                              "generic_type", "generic_type_with_turbofish"):  # fmt: skip
            return None
        above = above.parent
    return above


def _arguments(call: Node, source: Source) -> Iterator[str]:
    listed = call.child_by_field_name("arguments")
    if listed is not None:
        for child in listed.named_children:
            if not child.type.endswith("comment"):
                yield source.text(child)
    elif call.type == "macro_invocation" and call.child_count:
        yield from split(uncommented(source.text(call.children[-1])[1:-1]))


def _text(written: str, call: Node, body: Node, source: Source) -> tuple[str | None, str | None]:
    """The statement as far as it is literal: all of it, or what it begins with."""
    written = written.strip().lstrip("&").strip()
    if (literal := unquote(written)) is not None:
        return literal, literal
    if match := _MACRO.fullmatch(written):
        parts = [unquote(part) for part in split(uncommented(match["inside"]))]
        if match["name"] == "format":
            return None, parts[0] if parts else None
        if None not in parts:
            whole = "".join(part or "" for part in parts)
            return whole, whole
        return None, parts[0]
    if match := _WRAPPED.fullmatch(written):
        return _text(match["inside"], call, body, source)
    if match := _LOCAL.fullmatch(written):
        return _local(match["name"], call, body, source)
    return None, None


def _local(name: str, call: Node, body: Node, source: Source) -> tuple[str | None, str | None]:
    """The text that a local holds at the call; a text that is added to has only a beginning."""
    pattern = rb"\blet\s+(?:mut\s+)?" + re.escape(name).encode() + rb"\b[^=;]*=\s*"
    before = list(re.finditer(pattern, source.data[body.start_byte : call.start_byte]))
    if not before:
        return None, None
    at = body.start_byte + before[-1].start()
    node = body.descendant_for_byte_range(at, at + 1)
    while node is not None and node.type != "let_declaration":
        node = node.parent
    value = node.child_by_field_name("value") if node is not None else None
    if value is None or _LOCAL.fullmatch(source.text(value)):
        return None, None
    sql, begins = _text(source.text(value), call, body, source)
    grows = rb"\b" + re.escape(name).encode() + rb"\s*(?:\.\s*push|\+=|=[^=])"
    if re.search(grows, source.data[value.end_byte : call.start_byte]):
        sql = None
    return sql, begins


def _row_type(call: Node, function: Node, source: Source) -> str | None:
    """The row's type where the call, its `let` or the function's answer names it."""
    callee = call.child_by_field_name("function")
    if callee is not None and callee.type == "generic_function":
        listed = callee.child_by_field_name("type_arguments")
        given = (
            [child for child in listed.named_children if child.type != "lifetime"] if listed else []
        )
        if given and (last := source.text(given[-1])) != "_":
            return last
    name = source.text(callee) if callee is not None else ""
    if name.startswith("QueryBuilder") or "::QueryBuilder" in name:
        match = _BUILT.search(source.data, call.end_byte, function.end_byte)
        return list(split(match.group(1).decode()))[-1] if match else None
    if "query_as" not in name and "query_scalar" not in name:
        return None
    node = call
    while (above := node.parent) is not None and above.type in _PASSES:
        node = above
    if above is None:
        return None
    if above.type == "let_declaration":
        kind = above.child_by_field_name("type")
        return source.text(kind) if kind is not None else None
    answer = function.child_by_field_name("return_type")
    if above == function.child_by_field_name("body") and answer is not None:
        return source.text(answer)
    return None


def _row(written: str | None, function: str) -> str | None:
    """One row's type out of what holds the rows: `AppResult<Vec<User>>` is User."""
    while written is not None:
        head, open_, rest = written.strip().partition("<")
        short = head.rpartition("::")[2].strip()
        if not open_ or not (short in _AROUND or short.endswith("Result")):
            break
        written = next(iter(split(rest.rpartition(">")[0])), None)
    if written == "Self":
        return function.split("::")[-2] if "::" in function else None
    return None if written in ("_", "", "()") else written
