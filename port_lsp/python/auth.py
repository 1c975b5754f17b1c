"""Who is asking: read from the dependencies that guard endpoints, and all that they call.

FastAPI's docs, "Security"; PyJWT's and python-jose's `jwt.decode`. Read on demand: the functions'
bodies are parsed here, which are no part of the facts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from port_lsp.facts.items import Endpoint, Guard
from port_lsp.facts.source import SourceFile
from port_lsp.python.evaluate import evaluate
from port_lsp.python.lower import lone_expression
from port_lsp.python.schemafields import plain_value
from port_lsp.types.auth import Auth, Gate

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_DEEP = 5  # calls from a dependency to where its token is read
_SUBJECTS = ("sub", "id", "user_id", "uid", "username", "email")
_SCHEME = re.compile(rb"Depends\(|Security\(|HTTPBearer|OAuth2|APIKey")
_STATUS = re.compile(r"\b([45]\d\d)\b|HTTP_([45]\d\d)_")
_SAID = {401: "Not authenticated", 403: "Forbidden"}


class _Code:
    """Functions and dependencies' aliases of the backend by their names."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._chunks = {
            chunk.name: (path, file.chunk_bytes(chunk).decode("utf-8", "replace"))
            for path, file in files.items()
            for chunk in file.chunks
            if (chunk.name and chunk.kind == "function")
            or (chunk.kind == "assignment" and _SCHEME.search(file.chunk_bytes(chunk)))
        }  # fmt: skip
        self._trees: dict[str, ast.stmt | None] = {}

    def source(self, name: str) -> tuple[str, ...]:
        """The lines of a function."""
        return tuple(self._chunks[name][1].splitlines()) if name in self._chunks else ()

    def file(self, name: str) -> str:
        """The file that a name is of."""
        return self._chunks[name][0]

    def tree(self, name: str) -> ast.stmt | None:
        """A function or an alias; None for another name, or one that doesn't parse."""
        if name not in self._trees:
            self._trees[name] = _parsed(self._chunks[name][1]) if name in self._chunks else None
        return self._trees[name]

    def reached(self, name: str) -> list[str]:
        """A name and what it calls, directly or not, the nearest first."""
        found: dict[str, None] = {name: None}
        edge = [name]
        for _ in range(_DEEP):
            nodes = [tree for one in edge if (tree := self.tree(one)) is not None]
            named = (node.id for tree in nodes for node in ast.walk(tree)
                     if isinstance(node, ast.Name))  # fmt: skip
            edge = [one for one in dict.fromkeys(named) if one in self._chunks and one not in found]
            found.update(dict.fromkeys(edge))
        return list(found)


def auth_of(
    run: Interpreter, files: Mapping[str, SourceFile], endpoints: Iterable[Endpoint]
) -> Auth | None:
    """How the backend's guarded endpoints find out who is asking; None where nothing is guarded."""
    names = dict.fromkeys(
        name for one in endpoints if (name := dependency_of(one.signature.guard)) is not None
    )
    if not names:
        return None
    code = _Code(files)
    decoding = [(name, *found) for name in names if (found := _decoding(code, name)) is not None]
    reached = dict.fromkeys(one for name, *_ in decoding for one in code.reached(name))
    trees = [(one, tree) for one in reached if (tree := code.tree(one)) is not None]
    by_token = {name for name, *_ in decoding}
    gates = tuple(_gate(run, code, name, by_token=name in by_token) for name in names)
    if not decoding:
        return Auth(gates)
    _, where, call = decoding[0]
    nodes = [node for _, tree in trees for node in ast.walk(tree)]
    secret, text = _secret(run, code, files, where, call)
    return Auth(
        gates,
        secret,
        text,
        _algorithm(run, code, where, call),
        _subject(nodes),
        _schemes(nodes, "APIKeyCookie", "cookies"),
        _schemes(nodes, "APIKeyHeader", ""),
        _key_prefix(nodes),
    )


def dependency_of(guard: Guard) -> str | None:
    """The dependency that a guard is; None where it is none by itself."""
    if guard.level in ("user", "unknown"):
        return guard.name
    if guard.level == "role" and guard.evidence:
        name = guard.evidence[0].partition(": ")[0].partition(" → ")[0]
        return name if name.isidentifier() else None
    return None


def _parsed(text: str) -> ast.stmt | None:
    try:
        return next(iter(ast.parse(text).body), None)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _decoding(code: _Code, name: str) -> tuple[str, ast.Call] | None:
    """Where a dependency has its token decoded: the function, and the call."""
    for one in code.reached(name):
        tree = code.tree(one)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("decode"):
                words = {keyword.arg for keyword in node.keywords}
                if len(node.args) > 1 or words & {"key", "algorithms"}:
                    return one, node
    return None


# The token


def _argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    given = next((one.value for one in call.keywords if one.arg == name), None)
    return given or (call.args[at] if len(call.args) > at else None)


def _secret(
    run: Interpreter, code: _Code, files: Mapping[str, SourceFile], where: str, call: ast.Call
) -> tuple[str, str | None]:
    """The name of what the token is signed with, behind other names for it, and its text."""
    given = _argument(call, 1, "key")
    if given is None:
        return "", None
    name = ast.unparse(given)
    text = _value(run, code.file(where), given)
    file = files[code.file(where)]
    for chunk in file.chunks:
        if chunk.kind == "assignment" and chunk.name == name:
            tree = _parsed(file.chunk_bytes(chunk).decode("utf-8", "replace"))
            value = tree.value if isinstance(tree, (ast.Assign, ast.AnnAssign)) else None
            if isinstance(value, (ast.Name, ast.Attribute)):
                name = ast.unparse(value)
    return name if name.replace(".", "").isidentifier() else "", text


def _algorithm(run: Interpreter, code: _Code, where: str, call: ast.Call) -> str:
    given = _argument(call, 2, "algorithms")
    if isinstance(given, (ast.List, ast.Tuple)) and given.elts:
        given = given.elts[0]
    found = _value(run, code.file(where), given) if given is not None else None
    return found or "HS256"


def _value(run: Interpreter, file: str, node: ast.expr) -> str | None:
    """A text that an expression is known to be."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    state = run.module(file)
    if state is None:
        return None
    found = plain_value(run, evaluate(run, lone_expression(ast.unparse(node)), state.scope))
    return found if isinstance(found, str) else None


def _subject(nodes: Iterable[ast.AST]) -> str:
    """The claim that is looked at: `payload["sub"]`, `.get("sub")`, `data.sub`."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Subscript):
            found |= _text(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= _text(node.args[0]) if node.func.attr == "get" and node.args else set()
        elif isinstance(node, ast.Attribute) and node.attr == "sub":
            found.add("sub")
    return next((one for one in _SUBJECTS if one in found), "sub")


def _text(node: ast.AST) -> set[str]:
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return {str(node.value)} if constant and isinstance(node, ast.Constant) else set()


def _schemes(nodes: Iterable[ast.AST], scheme: str, read: str) -> tuple[str, ...]:
    """The names by which a scheme of `fastapi.security`, or by which a mapping of the request
    (`request.cookies`), is asked."""
    found: dict[str, None] = {}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        name = _argument(node, 0, "name")
        if name is not None and (
            called.endswith(scheme) or (read and called == f"request.{read}.get")
        ):
            found.update(dict.fromkeys(_text(name)))
    return tuple(found)[:1]


def _key_prefix(nodes: Iterable[ast.AST]) -> str:
    """What API keys begin with: `token.startswith("sk-")`."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            prefix = next(iter(_text(node.args[0]) if node.args else ()), "")
            if node.func.attr == "startswith" and prefix[-1:] in ("-", "_"):
                return prefix
    return ""


# Gates


def _gate(run: Interpreter, code: _Code, name: str, *, by_token: bool) -> Gate:
    if not by_token:
        return Gate(name, by_token=False, source=code.source(name))
    tree = code.tree(name)
    for node in ast.walk(tree) if tree is not None else ():
        refusal = _refusal(node)
        if refusal is None or not isinstance(node, ast.If):
            continue
        roles, flags = tuple(_roles(node.test)), tuple(_flags(node.test))
        if not roles and not flags:
            continue
        written = _argument(refusal, 0, "status_code")
        match = _STATUS.search(ast.unparse(written)) if written is not None else None
        status = int(match[1] or match[2]) if match is not None else 403
        detail = _argument(refusal, 1, "detail")
        text = _value(run, code.file(name), detail) if detail is not None else None
        said = text or _SAID.get(status, "Forbidden")
        return Gate(name, by_token=True, roles=roles, flags=flags, status=status, detail=said)
    return Gate(name, by_token=True)


def _refusal(node: ast.AST) -> ast.Call | None:
    """The exception that the body of an `if` raises first."""
    for one in node.body if isinstance(node, ast.If) else ():
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call):
            return one.exc
    return None


def _roles(test: ast.expr) -> Iterator[str]:
    """The roles that pass `user.role != "admin"`, `user.role not in {…}`, `is not Role.ADMIN`."""
    for node in ast.walk(test):
        if not isinstance(node, ast.Compare) or not ast.unparse(node.left).endswith("role"):
            continue
        if isinstance(node.ops[0], (ast.NotEq, ast.IsNot, ast.NotIn)):
            right = node.comparators[0]
            items = right.elts if isinstance(right, (ast.Set, ast.List, ast.Tuple)) else [right]
            for item in items:
                if isinstance(item, ast.Attribute):
                    owner = (
                        item.value.attr
                        if item.attr == "value" and isinstance(item.value, ast.Attribute)
                        else item.attr
                    )
                    yield owner.lower()
                else:
                    yield from (text.lower() for text in _text(item))


def _flags(test: ast.expr) -> Iterator[str]:
    """The columns that must be true: `not user.is_superuser`."""
    for node in ast.walk(test):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            of = node.operand
            if isinstance(of, ast.Attribute) and of.attr.startswith("is_"):
                yield of.attr
