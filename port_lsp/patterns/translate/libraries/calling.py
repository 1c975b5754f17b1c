"""A call of a library, or an attribute of one, by the table's rows (docs/libraries.md)."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from port_lsp.config.library import Library
from port_lsp.patterns.translate.failing import broken, failure, unsaid
from port_lsp.patterns.translate.libraries.arguments import (
    checked,
    fits,
    is_simple,
    kept,
    owned_type,
    put,
)
from port_lsp.patterns.translate.libraries.making import (
    Put,
    expression_made,
    own_names,
    type_made,
)
from port_lsp.patterns.translate.libraries.table import table_of
from port_lsp.patterns.translate.raising import class_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    STR,
    STRING,
    UntranslatedError,
    Val,
    known,
    waits,
    without_reference,
)
from port_lsp.rust.expressiontext import Written
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type, symbol

_BROKEN = 500  # the status of what nobody answers
_SPAWN = "tokio::task::spawn_blocking"


def library_call(scene: Scene, node: ast.Call, env: Env, *, is_awaited: bool = False) -> Val | None:
    """What a row makes of a call; None where no row is for it, or none fits."""
    rows = [row for row in _rows(scene, node, env) if row.awaited == is_awaited]
    arguments = _Arguments(scene, env)
    for row in rows:
        given = _given(row, node, receiver=0)
        made = _applied(arguments, row, given, None) if given is not None else None
        if made is not None:
            return made
    return None


def library_method(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val | None:
    """As `library_call`, of a method of a value, by the value's type."""
    assert isinstance(node.func, ast.Attribute)
    arguments = _Arguments(scene, env)
    for row in table_of(scene.desk).of_values(node.func.attr):
        if not row.awaited and fits(of, type_made(row.takes[0].type)):
            given = _given(row, node, receiver=1)
            made = _applied(arguments, row, given, of) if given is not None else None
            if made is not None:
                return made
    return None


def library_value(scene: Scene, name: str, of: Val | None, env: Env) -> Val | None:
    """As `library_call`, of an attribute: of a module by its dotted name, or of a value."""
    table = table_of(scene.desk)
    if of is None:
        rows = [row for row in table.rows(name, is_value=True) if not row.takes]
    else:
        every = table.of_values(name, is_value=True)
        rows = [row for row in every if fits(of, type_made(row.takes[0].type))]
    found = (_applied(_Arguments(scene, env), row, {}, of) for row in rows)
    return next((one for one in found if one is not None), None)


def _rows(scene: Scene, node: ast.Call, env: Env) -> Sequence[Library]:
    table = table_of(scene.desk)
    meaning = scene.meaning(node.func, env)
    if isinstance(meaning, m.Outside):
        return [row for row in table.rows(meaning.name) if not _is_method(row)]
    func = node.func
    inner = func.value if isinstance(func, ast.Attribute) else None
    if isinstance(inner, ast.Call) and isinstance(func, ast.Attribute):
        meaning = scene.meaning(inner.func, env)
        if isinstance(meaning, m.Outside):
            rows = table.rows(f"{meaning.name}().{func.attr}")
            return [row for row in rows if not _is_method(row)]
    return ()


def _is_method(row: Library) -> bool:
    return bool(row.takes) and row.takes[0].name == "self"


def _given(row: Library, node: ast.Call, receiver: int) -> dict[str, ast.expr] | None:
    """The arguments by their names: a row's parameters, and what else it lets one say, stand in
    Python's order. None where they are others."""
    takes = [one.name for one in row.takes[receiver:]]
    others = [name for name, _ in (*row.says, *row.may_say)]
    if row.name.count("()") and not receiver:  # `f(…).g(…)`: the parameters are those of `f`
        assert isinstance(node.func, ast.Attribute)
        assert isinstance(node.func.value, ast.Call)
        first, last = _by_name(takes, node.func.value), _by_name(others, node)
        return None if first is None or last is None else {**first, **last}
    return _by_name([*takes, *others], node)


def _by_name(names: Sequence[str], node: ast.Call) -> dict[str, ast.expr] | None:
    starred = any(isinstance(one, ast.Starred) for one in node.args)
    if starred or len(node.args) > len(names):
        return None
    found = dict(zip(names, node.args, strict=False))
    for one in node.keywords:
        if one.arg is None or one.arg not in names or one.arg in found:
            return None
        found[one.arg] = one.value
    return found


class _Arguments:
    """The arguments of one call, each translated once, however many rows ask for it: in an argument
    may be a call whose rows do the same."""

    def __init__(self, scene: Scene, env: Env) -> None:
        self.scene, self.env = scene, env
        self._vals: dict[int, Val] = {}

    def value(self, node: ast.expr) -> Val:
        if id(node) not in self._vals:
            self._vals[id(node)] = self.scene.value(node, self.env)
        return self._vals[id(node)]


def _applied(
    arguments: _Arguments, row: Library, given: Mapping[str, ast.expr], of: Val | None
) -> Val | None:
    """What a row gives for these arguments; None where it isn't for them."""
    if not all(name in given for name, _ in row.says):
        return None
    for name, text in (*row.says, *row.may_say):
        if name in given and not _is_said(arguments, given[name], text):
            return None
    vals: dict[str, Val] = {}
    for one in row.takes:
        if one.name == "self" and of is not None:
            vals["self"] = of
            continue
        if one.name in given:
            vals[one.name] = arguments.value(given[one.name])
        elif one.default is not None:
            vals[one.name] = known(one.default[0])
        else:
            return None
        if not fits(vals[one.name], type_made(one.type)):
            return None
    return _made(arguments.scene, row, vals, arguments.env)


def _is_said(arguments: _Arguments, node: ast.expr, text: str) -> bool:
    """Whether an argument is what a row says as Python writes it: a name of a library's, or a
    value that is known."""
    try:
        value = ast.literal_eval(text)
    except ValueError:  # a dotted name, as the configuration made sure
        meaning = arguments.scene.meaning(node, arguments.env)
        return isinstance(meaning, m.Outside) and meaning.name == text
    found = arguments.value(node).known
    return found is not None and found.value == value and type(found.value) is type(value)


def _made(scene: Scene, row: Library, vals: Mapping[str, Val], env: Env) -> Val:
    assert row.rust is not None
    kinds = {one.name: type_made(one.type) for one in row.takes}
    taken = set(env.bound) | {one for each in env.bound for one in each.split(".")[:1]}
    names: dict[str, str] = {}
    for one in sorted(own_names(row.rust) | set(vals)):
        names[one] = _free("this" if one == "self" else one, taken)
        taken.add(names[one])
    lets: list[b.Statement] = []
    given: dict[str, Put] = {}
    waiting = sum(waits(one.expr) for one in vals.values())
    for name, val in vals.items():
        val = checked(val)
        if _is_bound(row, name, val, waiting):
            literal = kinds[name] if val.known is not None and kinds[name] != STR else None
            lets.append(b.Let(b.Bind(names[name]), kept(scene, val, kinds[name]), literal))
            val = Val(b.Name(names[name]), owned_type(kinds[name]), place=True, root=names[name])
            if row.runs == "blocking" and kinds[name] == owned_type(kinds[name]):
                given[name] = _named(names[name])
                continue
        given[name] = put(scene, val, kinds[name])
    made = expression_made(row.rust, given, names, dict(row.traits))
    depend(scene, row)
    return _given_back(scene, row, made, tuple(lets))


def _named(name: str) -> Put:
    return lambda _: b.Name(name)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _is_bound(row: Library, name: str, val: Val, waiting: int) -> bool:
    """Whether an argument must be a variable: what Python evaluates once and before the call."""
    assert row.rust is not None
    if row.runs == "blocking":
        return True
    times, later, asked = _uses(row.rust, name)
    if val.known is not None and isinstance(val.known.value, (int, float)):
        return asked  # `1.5.abs()` has no type
    if is_simple(val.expr):
        return False
    return times > 1 or later or waiting > 1 or waits(val.expr)


def _uses(
    of: Written, name: str, later: bool = False, asked: bool = False
) -> tuple[int, bool, bool]:
    """How often an expression speaks of a parameter; whether it does so in what is run later, or
    not always; whether it asks something of it."""
    if of.kind == "path" and of.text == name and not of.parts:
        return 1, later, asked
    times, is_later, is_asked = 0, False, False
    for at, part in enumerate(of.parts):
        inside = later or of.kind in ("closure", "if", "block") or of.text in ("&&", "||")
        one = _uses(part, name, inside, of.kind in ("method", "access", "index") and at == 0)
        times, is_later, is_asked = times + one[0], is_later or one[1], is_asked or one[2]
    return times, is_later, is_asked


def depend(scene: Scene, row: Library) -> None:
    """The packages that a row names. Raises UntranslatedError where the crate has others."""
    package = scene.desk.workshop.scopes.package_of(scene.needs.file)
    for one in row.packages:
        there = package.version(one.name) if package is not None else None
        if there and not _is_same(there, one.version):
            raise UntranslatedError(f"a call of {row.name}, as the crate has {one.name} {there}")
    for one in row.packages:
        scene.needs.depend(one.name, one.version, *one.features)


def _is_same(there: str, wanted: str) -> bool:
    """Whether two versions promise the same (Cargo's reference, "SemVer compatibility")."""
    ours, theirs = wanted.split("."), there.split(".")
    count = 2 if ours[0] == "0" else 1
    return ours[:count] == theirs[:count] or theirs == ["0"]


def _given_back(scene: Scene, row: Library, made: b.Expr, lets: tuple[b.Statement, ...]) -> Val:
    gives = type_made(row.gives)
    if row.runs == "blocking":
        scene.needs.depend("tokio", "1", "rt")
        work = b.Block(lets, b.Closure((), made, move=True))
        spawned = b.Await(b.Call(b.Path(symbol(_SPAWN)), (work,)))
        failed = b.Closure((b.Wild(),), unsaid(scene, "RuntimeError"))
        made = b.Try(b.Method(spawned, "map_err", (failed,)))
    elif lets:
        made = b.Block(lets, made)
    if row.fails is None:
        return Val(made, gives)
    assert isinstance(gives, Type)
    return Val(_or_failed(scene, row, made, gives), gives.args[0])


def _or_failed(scene: Scene, row: Library, made: b.Expr, gives: Type) -> b.Expr:
    """What it gives; where it gives None or an Err, Python raises. What `str` gives of that is the
    row's message, or the text that the Err holds."""
    fails = row.fails
    assert fails is not None
    if scene.result is None:
        raise UntranslatedError("an exception in a handler that can't fail")
    error = gives.args[-1] if gives.head.name == "Result" else None
    holds_text = error is not None and without_reference(error) in (STRING, STR.inner)
    text: Val = known(fails.message if fails.message is not None else "Internal Server Error")
    pattern: b.Pattern = b.Wild()
    if fails.message is None and holds_text:
        pattern = b.Bind("text")
        text = Val(b.Name("text"), STRING if error == STRING else STR)
    elif fails.message is None and scene.may_be_caught:
        raise UntranslatedError(f"a call of {row.name} whose exception somebody may read")
    if fails.status != _BROKEN:
        otherwise = failure(scene, fails.status, text)
    elif scene.errors is not None and scene.errors.exception:
        names = [class_of(one, scene.doubts) for one in fails.exceptions]
        if len(names) > 1:  # a value decides which of them it is
            scene.doubts.add(frozenset(names))
        otherwise = broken(scene, names[0], text)
    else:
        if not scene.may_be_caught:
            pattern, text = b.Wild(), known("Internal Server Error")
        otherwise = failure(scene, fails.status, text)
    if gives.head.name == "Option":
        return b.Try(b.Method(made, "ok_or_else", (b.Closure((), otherwise),)))
    return b.Try(b.Method(made, "map_err", (b.Closure((pattern,), otherwise),)))
