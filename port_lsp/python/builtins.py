"""What the standard library and a few settings libraries give, where a path may depend on it.

Only what routes, prefixes and settings are made of in practice: string methods, containers,
`os.environ` with a default, casts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Place
from port_lsp.python.alternatives import iterate
from port_lsp.python.evaluate import force, module_names
from port_lsp.python.folders import path_method, told
from port_lsp.python.namecases import RENAMING, renamed
from port_lsp.python.values import (
    Alternatives,
    Arguments,
    External,
    Made,
    ModuleRef,
    Native,
    NativeMethod,
    Partial,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_ENVIRONMENT = {"os.environ.get", "os.getenv", "environ.get"}
_FIRST = {
    "builtins.str",
    "builtins.int",
    "builtins.tuple",
    "builtins.list",
    "builtins.sorted",
    "builtins.iter",
    "builtins.set",
    "pathlib.PurePosixPath",
    "copy.copy",
    "copy.deepcopy",
}
_EXHAUSTING = {"builtins.any", "builtins.all", "builtins.sum", "collections.deque"}
_KEYS = (str, int, Unknown)
_MAX_RANGE = 64  # a loop that registers more than this isn't written by hand
_TEXT_METHODS = {
    "lower",
    "upper",
    "strip",
    "rstrip",
    "lstrip",
    "replace",
    "removeprefix",
    "removesuffix",
    "title",
    "capitalize",
    "format",
    "join",
    "split",
    "endswith",
    "startswith",
}


def call_external(run: Interpreter, func: External, args: Arguments, place: Place) -> Value:
    """What calling something from outside the tree gives, where that is known."""
    name = func.name
    if name in _ENVIRONMENT:
        default = args.get(1, "default")
        value = force(run, default) if default is not None else None
        return Unknown("an environment variable without a default") if value is None else value
    if name == "decouple.config" and args.get(None, "default") is not None:
        return force(run, args.get(None, "default"))
    if name in _FIRST and args.positional:
        first = force(run, args.positional[0])
        if name in ("builtins.tuple", "builtins.list", "builtins.sorted", "builtins.iter"):
            items = list(iterate(run, first))
            return tuple(items) if name == "builtins.tuple" else items
        return str(first) if name == "builtins.str" and isinstance(first, int) else first
    if name in _EXHAUSTING and args.positional:
        # What they give isn't known here, but what their items are computed for happens.
        list(iterate(run, args.positional[0]))
    if name == "typing.cast" and len(args.positional) > 1:
        return force(run, args.positional[1])
    if name == "functools.partial" and args.positional:
        rest = Arguments(args.positional[1:], args.keywords)
        return Partial(force(run, args.positional[0]), rest)
    if name == "builtins.enumerate" and args.positional:
        items = list(iterate(run, args.positional[0]))
        start = force(run, args.get(1, "start"))
        first = 0 if args.get(1, "start") is None else start
        unknown = Unknown("a number that isn't known")
        return [
            (first + index if isinstance(first, int) else unknown, item)
            for index, item in enumerate(items)
        ]
    if name == "itertools.chain":
        return [item for column in args.positional for item in iterate(run, column)]
    if name == "itertools.chain.from_iterable" and args.positional:
        rows = iterate(run, args.positional[0])
        return [item for row in rows for item in iterate(run, row)]
    if name == "builtins.zip" and args.positional:
        columns = [list(iterate(run, column)) for column in args.positional]
        return [tuple(row) for row in zip(*columns, strict=False)]
    if name == "builtins.reversed" and args.positional:
        return list(reversed(list(iterate(run, args.positional[0]))))
    if name == "builtins.range":
        ends = [force(run, value) for value in args.positional]
        known = [end for end in ends if isinstance(end, int)]
        if known and len(known) == len(ends):
            numbers: list[Value] = [*range(*known)[:_MAX_RANGE]]
            return numbers
    if name == "builtins.dict":
        first = force(run, args.positional[0]) if args.positional else {}
        return (dict(first) if isinstance(first, dict) else {}) | dict(args.keywords)
    if name == "importlib.import_module" and args.positional:
        given = [force(run, value) for value in args.positional]
        package = force(run, args.get(1, "package"))
        return _imported_module(run, given[0], package, place)
    if name == "builtins.getattr" and len(args.positional) > 1:
        attribute = force(run, args.positional[1])
        if isinstance(attribute, str):
            found = run.attribute(args.positional[0], attribute)
            if len(args.positional) == 2 or not isinstance(found, Unknown):
                return found
            return force(run, args.positional[2])
    if name in ("builtins.vars", "builtins.dir") and args.positional:
        return module_names(run, force(run, args.positional[0]), name)
    if name in RENAMING and not args.keywords:
        text = renamed(name, [force(run, value) for value in args.positional])
        if text is not None:
            return text
    if name.startswith(("os.", "glob.", "pathlib.", "pkgutil.", "posixpath.")):
        paths = [force(run, value) for value in (*args.positional, *args.keywords.values())]
        known = told(run, name, [_listed(run, value) for value in paths], place)
        if known is not None:
            return known
    given_back = _application_given(run, name, args)
    return given_back if given_back is not None else Made(func, args, place)


def _application_given(run: Interpreter, name: str, args: Arguments) -> Native | None:
    """The application that a library's function gets first, which such functions give back
    (`app = gradio.mount_gradio_app(app, …)`, `add_pagination(app)`); a class makes its own."""
    short = name.rpartition(".")[2]
    given = args.get(0, "app")
    if given is None or short[:1].isupper() or name.startswith("builtins."):
        return None
    known = force(run, given)
    is_application = isinstance(known, Native) and getattr(known, "application", False) is True
    return known if is_application and isinstance(known, Native) else None


def _listed(run: Interpreter, value: Value) -> Value:
    """A list with its items known."""
    return [*iterate(run, value)] if isinstance(value, (list, tuple)) else value


def _imported_module(run: Interpreter, name: Value, package: Value, place: Place) -> Value:
    if not isinstance(name, str):
        return Unknown("a module whose name isn't known")
    if name.startswith("."):
        if not isinstance(package, str):
            return Unknown("a module of a package that isn't known")
        name = package + name  # one dot: the package itself
    found = run.modules.absolute(place.file, name)
    return ModuleRef(found) if found is not None else External(name)


def string_method(run: Interpreter, method: NativeMethod, args: Arguments) -> Value:
    """A method of a string, list, tuple or dict of literals."""
    owner, name = method.owner, method.name
    given = [force(run, value) for value in args.positional]
    if isinstance(owner, Made):
        return path_method(run, owner, name, given)
    if isinstance(owner, str) and name in _TEXT_METHODS:
        return _text_method(run, owner, name, given, args)
    if isinstance(owner, dict):
        if name == "get" and given:
            default = given[1] if len(given) > 1 else None
            key = given[0]
            return force(run, owner.get(key, default)) if isinstance(key, str) else default
        if name == "setdefault" and len(args.positional) > 1 and isinstance(given[0], str):
            return force(run, owner.setdefault(given[0], args.positional[1]))
        if name == "pop" and given and isinstance(given[0], str):
            return force(run, owner.pop(given[0], given[1] if len(given) > 1 else None))
        if name == "update":
            for item in (*given, dict(args.keywords)):
                owner.update(item if isinstance(item, dict) else {})
            run.mutated()
            return None
        if name == "copy":
            return dict(owner)
        if name == "values":
            return list(owner.values())
        if name == "keys":
            return [key for key in owner if isinstance(key, _KEYS)]
        if name == "items":
            return [(key, item) for key, item in owner.items() if isinstance(key, _KEYS)]
    if isinstance(owner, list):
        if name == "append" and args.positional:
            condition = run.condition(None)
            item = args.positional[0]
            owner.append(Alternatives(((condition, item),)) if condition else item)
            run.mutated()
            return None
        if name == "extend" and args.positional:
            owner.extend(iterate(run, args.positional[0]))
            run.mutated()
            return None
        if name == "copy":
            return list(owner)
    return Unknown(f"a call of .{name}()")


def _text_method(
    run: Interpreter, owner: str, name: str, given: list[Value], args: Arguments
) -> Value:
    if name == "join" and given:
        parts = [force(run, item) for item in iterate(run, given[0])]
        if all(isinstance(part, str) for part in parts):
            return owner.join(str(part) for part in parts)
        return Unknown("a join of parts that aren't known")
    keywords = {key: force(run, value) for key, value in args.keywords.items()}
    if not all(isinstance(value, (str, int)) for value in (*given, *keywords.values())):
        return Unknown(f"a .{name}() of values that aren't known")
    try:
        result: Value = getattr(owner, name)(*given, **keywords)
    except (TypeError, ValueError, IndexError, KeyError):
        return Unknown(f"a .{name}() that doesn't fit its values")
    return result
