"""Where things stand in the source: what an oracle looks up after the framework has spoken.

The framework knows functions and classes; lines and the text as written come from `ast`.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import os
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def segment(path: Path, node: ast.AST | None) -> str | None:
    """The text of a node as written, or None."""
    return None if node is None else ast.get_source_segment(_text(path), node)


@functools.cache
def functions(path: Path) -> list[FunctionNode]:
    """Every function of a file, nested ones and methods included."""
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def decorated_at(path: Path, line: int) -> FunctionNode | None:
    """The function one of whose decorators begins on `line`."""
    for node in functions(path):
        if any(decorator.lineno == line for decorator in node.decorator_list):
            return node
    return None


def unwrap(call: Any) -> Any:
    """The innermost callable behind partials, functools.wraps and bound methods."""
    while True:
        if isinstance(call, functools.partial):
            call = cast(Any, call.func)
        elif inspect.ismethod(call):
            call = call.__func__
        elif hasattr(call, "__wrapped__"):
            call = call.__wrapped__
        else:
            return call


def function_of(call: Any) -> FunctionType | None:
    """The Python function that a callable runs: itself, `__init__` or `__call__`, or None."""
    call = unwrap(call)
    if inspect.isclass(call):
        call = unwrap(call.__init__)
    elif not isinstance(call, FunctionType):
        call = unwrap(inspect.getattr_static(type(cast(object, call)), "__call__", None))
    return call if isinstance(call, FunctionType) else None


def definition(call: Any) -> tuple[Path, FunctionNode | None, int] | None:
    """File, `def` and first line of a callable's code; a lambda has no `def`."""
    function = function_of(call)
    if function is None:
        return None
    code = function.__code__
    path = Path(code.co_filename)
    if not path.is_file():
        return None
    for node in functions(path):
        first = node.decorator_list[0] if node.decorator_list else node
        if node.name == code.co_name and first.lineno == code.co_firstlineno:
            return path, node, node.lineno
    return path, None, code.co_firstlineno


Written = dict[str, tuple[str | None, str | None]]
"""By name: the annotation and the default, each as written."""


def is_below(root: Path, call: Any) -> bool:
    """Whether a callable is the project's own code."""
    found = definition(call)
    return found is not None and found[0].is_relative_to(root)


def written_parameters(root: Path, call: Any) -> Written:
    """The parameters of a callable of the project as written: of a function, an `__init__`, a
    `__call__`, or of the fields of a class that has neither (a dataclass, a Pydantic model)."""
    target = unwrap(call)
    if inspect.isclass(target) and (
        dataclasses.is_dataclass(target) or hasattr(target, "model_fields")
    ):
        return written_fields(root, target)
    found = definition(target)
    path, node, _ = found or (Path(), None, 0)
    if node is None or not path.is_relative_to(root):
        return {}
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    padding: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults = [*padding, *arguments.defaults, *arguments.kw_defaults]
    return {
        argument.arg: (segment(path, argument.annotation), segment(path, default))
        for argument, default in zip([*positional, *arguments.kwonlyargs], defaults, strict=True)
    }


def written_fields(root: Path, cls: type) -> Written:
    """The annotated names in the bodies of a class and its bases in the project, as written."""
    written: Written = {}
    for base in reversed(cls.__mro__):
        node, path = class_node(base)
        if node is None or path is None or not path.is_relative_to(root):
            continue
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                written[statement.target.id] = (
                    segment(path, statement.annotation),
                    segment(path, statement.value),
                )
    return written


def field_owners(root: Path, cls: type) -> dict[str, tuple[type, int]]:
    """By name of an attribute: the class of the project whose body gives it last, and the line."""
    owners: dict[str, tuple[type, int]] = {}
    for base in reversed(cls.__mro__):
        node, _ = class_node(base) if is_project_class(root, base) else (None, None)
        for name, line in assigned_lines(node.body if node is not None else []).items():
            owners[name] = (base, line)
    return owners


def assigned_lines(body: list[ast.stmt]) -> dict[str, int]:
    """By name: the line of the statement of a body that assigns, annotates or defines it."""
    found: dict[str, int] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found[statement.name] = statement.lineno
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        for target in targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            found.update({n.id: statement.lineno for n in names if isinstance(n, ast.Name)})
    return found


def assignment_line(path: Path, name: str) -> int | None:
    """The line of a file's top level (or of an `if`, `try` there) that assigns a name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in assigned_lines([node]):
            return node.lineno
    return None


def class_name(cls: type) -> str:
    """Module and qualified name; of `Page[User]` those of `Page`."""
    return f"{cls.__module__}.{cls.__qualname__}".split("[")[0]


def is_project_class(root: Path, cls: type) -> bool:
    """Whether a class comes from a file below `root`."""
    module = sys.modules.get(cls.__module__)
    path = module_path(module) if module is not None else None
    return path is not None and path.is_relative_to(root)


def class_node(cls: type) -> tuple[ast.ClassDef | None, Path | None]:
    """The `class` statement of a class and its file, found by its qualified name."""
    module = sys.modules.get(cls.__module__)
    path = module_path(module) if module is not None else None
    if path is None:
        return None, None
    names = [part for part in cls.__qualname__.split("[")[0].split(".") if part != "<locals>"]
    body: list[ast.stmt] = tree(path).body
    node: ast.ClassDef | FunctionNode | None = None
    for name in names:
        node = _named(body, name)
        if node is None:
            return None, path
        body = node.body
    return (node if isinstance(node, ast.ClassDef) else None), path


def _named(body: list[ast.stmt], name: str) -> ast.ClassDef | FunctionNode | None:
    """The last definition of a name in a body, also under `if`, `try` and `with`."""
    found: ast.ClassDef | FunctionNode | None = None
    waiting = list(body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = node if node.name == name else found
        else:
            waiting = [c for c in ast.iter_child_nodes(node) if isinstance(c, ast.stmt)] + waiting
    return found


def module_path(module: ModuleType) -> Path | None:
    """The source file of a module, if it has one."""
    name = getattr(module, "__file__", None)
    return Path(name) if name and name.endswith(".py") else None


def project_modules(root: Path) -> list[ModuleType]:
    """The imported modules whose files are below `root`."""
    below = f"{root}{os.sep}"
    return [
        module
        for module in list(sys.modules.values())
        if (getattr(module, "__file__", None) or "").startswith(below)
        and module_path(module) is not None
    ]


def assigned_name(root: Path, value: Any) -> str | None:
    """The module-level name that was assigned (not imported) this very object, or None."""
    for module in project_modules(root):
        path = module_path(module)
        names = [name for name, bound in vars(module).items() if bound is value]
        if not names or path is None:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name) and target.id in names:
                        return target.id
    return None
