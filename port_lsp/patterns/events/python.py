"""The text of a Python event handler: docstring, body, what it is handed, whether it answers.

python-socketio: "The Socket.IO Server", "Defining Event Handlers": the first argument is the
client's id, a connection has the request's environment and what the client authenticates itself
with, an end its reason; what a handler returns is sent as the acknowledgement.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from port_lsp.facts.items import Event
from port_lsp.facts.source import Record, SourceFile
from port_lsp.patterns.endpoints.pythontext import PythonHandler, python_handler
from port_lsp.python.parsing import parsed, text_of

USUAL_PATH = "/socket.io"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class Argument(Record, frozen=True):
    """A parameter behind the client's id; `optional` where it has a default, which is written as
    `default`, "..." for one that is no literal; `many` for `*args`."""

    name: str
    optional: bool = False
    many: bool = False
    default: str = "None"

    @property
    def is_plain(self) -> bool:
        """Whether its default is a literal that JSON has, too."""
        value: object = ast.literal_eval(self.default)
        return value is None or isinstance(value, (str, int, float, bool))


class PythonEvent(Record, frozen=True):
    """`arguments` are what the client sent; of a connection its authentication, of an end the
    reason. `sid` is what the client's id is called, `myself` what a method has for its object."""

    text: PythonHandler = PythonHandler()
    arguments: tuple[Argument, ...] = ()
    answers: bool = False
    sid: str = ""
    myself: str = ""


def python_event(file: SourceFile | None, event: Event) -> PythonEvent:
    """The handler of an event; text that Python's parser refuses is taken to have one argument."""
    if file is None:
        return PythonEvent()
    text = python_handler(file, event.place)
    node = _function(file, event)
    if node is None:
        return PythonEvent(text, (Argument("data"),) if event.event != "connect" else ())
    arguments = list(_arguments(node.args))
    if event.event == "connect":
        arguments = arguments[1:]  # without the environment
    answers = any(_answers(one) for one in node.body)
    listed = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    myself = "self" if listed[:1] == ["self"] else ""
    named = listed[1:] if myself else listed
    return PythonEvent(text, tuple(arguments), answers, named[0] if named else "", myself)


def _function(file: SourceFile, event: Event) -> _Function | None:
    chunk = file.by_id.get(event.place.chunk)
    if chunk is None:
        return None
    data = file.chunk_bytes(chunk)
    line = data[: event.place.span.start].count(b"\n") + 1
    tree = parsed(text_of(file, chunk))
    if tree is None:
        return None
    found = (node for node in ast.walk(tree) if isinstance(node, _Function))
    return next((node for node in found if node.lineno == line), None)


def _arguments(args: ast.arguments) -> Iterator[Argument]:
    listed = [*args.posonlyargs, *args.args]
    with_default = len(listed) - len(args.defaults)
    own = 2 if listed and listed[0].arg == "self" else 1
    for index, one in enumerate(listed[own:], own):
        given = args.defaults[index - with_default] if index >= with_default else None
        plain = given is None or isinstance(given, ast.Constant)
        default = repr(given.value) if isinstance(given, ast.Constant) else "None"
        yield Argument(one.arg, given is not None, default=default if plain else "...")
    if args.vararg is not None:
        yield Argument(args.vararg.arg, many=True)


def _answers(node: ast.AST) -> bool:
    """Whether something is returned that isn't None; functions in there return for themselves."""
    if isinstance(node, ast.Return):
        value = node.value
        return value is not None and not (isinstance(value, ast.Constant) and value.value is None)
    if isinstance(node, _SCOPES):
        return False
    return any(_answers(child) for child in ast.iter_child_nodes(node))


def server_path(files: Iterable[SourceFile]) -> tuple[str, bool]:
    """The path below which a backend's Socket.IO server answers, and whether that is known:
    `ASGIApp(…, socketio_path="/ws/socket.io")`. Without one it is python-socketio's own."""
    for file in files:
        if b"socketio_path" not in file.text.data:
            continue
        for chunk in file.chunks:
            data = file.chunk_bytes(chunk)
            if b"socketio_path" not in data:
                continue
            tree = parsed(text_of(file, chunk))
            for node in ast.walk(tree) if tree is not None else ():
                if isinstance(node, ast.keyword) and node.arg == "socketio_path":
                    value = node.value
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        return f"/{value.value.strip('/')}", True
                    return USUAL_PATH, False
    return USUAL_PATH, True
