"""The classes of what Python raises by itself, as a crate's error names them.

Python's docs, "Built-in Exceptions", "Exception hierarchy". An `except` takes a class and those
below it: among those that translated code fails with, and the class itself, which may come of a gap
that somebody fills.
"""

from __future__ import annotations

import builtins
import re
import sys
from functools import partial

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.hierarchies import ALIKE, CLASSES, called, spelled
from port_lsp.patterns.translate.libraries.table import table_of
from port_lsp.patterns.translate.standardclasses import ALIASES, standard
from port_lsp.types import meanings as m

PARTS = frozenset(("KeyError", "IndexError", "TypeError"))
"""What Python may raise where JSON has no such part: which of them depends on what it is."""
DOUBTS = frozenset((PARTS,)).union(*ALIKE.values())

_BUILTIN = (
    "Exception", "ArithmeticError", "AssertionError", "AttributeError", "ConnectionError",
    "FileExistsError", "FileNotFoundError", "IndexError", "KeyError", "LookupError",
    "NotImplementedError", "OSError", "OverflowError", "PermissionError", "RuntimeError",
    "TimeoutError", "TypeError", "UnicodeDecodeError", "UnicodeEncodeError",
    "ValueError", "ZeroDivisionError",
)  # fmt: skip
# Of libraries: the class that they are below.
_OTHERS = {
    "JSONDecodeError": ValueError, "ValidationError": ValueError, "WebSocketDisconnect": Exception,
}  # fmt: skip
# PyJWT: jwt/exceptions.py; python-jose: jose/exceptions.py, whose classes it says by PyJWT's.
_SIGNED = ("DecodeError", "InvalidSignatureError")
_CLAIMS = ("ImmatureSignatureError", "InvalidAudienceError", "InvalidTokenError")
TOKENS = frozenset((*_SIGNED, *_CLAIMS, "ExpiredSignatureError", "InvalidAlgorithmError"))
"""What is wrong with a token that somebody signed, as a crate's error names it."""
_OF_TOKENS = {
    "jwt.PyJWTError": TOKENS, "jwt.InvalidTokenError": TOKENS, "jwt.DecodeError": _SIGNED,
    **{f"jwt.{one}": (one,) for one in TOKENS if one not in ("DecodeError", "InvalidTokenError")},
    "jose.JWTError": TOKENS, "jose.JWTClaimsError": _CLAIMS,
    "jose.ExpiredSignatureError": ("ExpiredSignatureError",),
}  # fmt: skip
_MODULES = re.compile(r"\b(jwt|jose)\.(?:exceptions|jwt)\.")
_NAMED = {
    "json.JSONDecodeError": "JSONDecodeError",
    "json.decoder.JSONDecodeError": "JSONDecodeError",
    "pydantic.ValidationError": "ValidationError",
    "pydantic_core.ValidationError": "ValidationError",
    "sqlalchemy.exc.NoResultFound": "NoResultFound",
    "sqlalchemy.orm.exc.NoResultFound": "NoResultFound",
    "peewee.DoesNotExist": "DoesNotExist",
    "fastapi.WebSocketDisconnect": "WebSocketDisconnect",
    "fastapi.websockets.WebSocketDisconnect": "WebSocketDisconnect",
    "starlette.websockets.WebSocketDisconnect": "WebSocketDisconnect",
}
# Packages of which more is translated than the table of libraries says, and what these raise.
_TRANSLATED = frozenset((
    "requests", "httpx", "aiohttp", "urllib3", "sqlalchemy", "sqlmodel", "peewee", "pydantic",
    "pydantic_core", "fastapi", "starlette", "jwt", "jose", "passlib", "socketio", "wsproto",
))  # fmt: skip
# Whose text is what they are made with, alone: `str` of a KeyError writes a key's `repr`, a
# UnicodeError is made of five things.
_PLAIN = frozenset(_BUILTIN) - {"KeyError", "UnicodeDecodeError", "UnicodeEncodeError"}


def taken_by(name: str) -> tuple[str, ...]:
    """The classes that an `except` of one (its full name) takes; none where it isn't known."""
    name = ALIASES.get(name, name)
    own = _NAMED.get(name) or called(name)
    if own or standard(name):
        inner = {one for one, of in CLASSES.items() if (own or name) in of}
        return tuple(dict.fromkeys((*([own] if own else standard(name)), *sorted(inner))))
    of_tokens = _OF_TOKENS.get(_MODULES.sub(r"\1.", name))
    if of_tokens is not None:
        return tuple(sorted(of_tokens))
    found = _builtin(name)
    if found is None:
        return ()
    below = [one for one in _BUILTIN if issubclass(getattr(builtins, one), found)]
    below += [one for one, above in _OTHERS.items() if issubclass(above, found)]
    below += TOKENS if issubclass(Exception, found) else ()
    below += [name for name, of in CLASSES.items() if any(map(partial(_is_below, found), of))]
    return tuple(sorted({found.__name__, *below}))


def classes_taken(desk: Desk, meaning: m.Meaning | None) -> tuple[str, ...]:
    """The classes that an `except` of one takes, with those of the backend's own below it; none
    where it isn't known. One of a library of which nothing is translated comes of gaps alone: it
    is known by its name."""
    if isinstance(meaning, m.Kind):
        of = desk.backend.class_of(meaning.key)
        outside = of.outside if of is not None else ()
        if not any(_builtin(f"builtins.{one.removeprefix('builtins.')}") for one in outside):
            return ()
        own = meaning.key.rpartition("::")[2].rpartition(".")[2]
        return (own, *desk.backend.below(meaning.key))
    if not isinstance(meaning, m.Outside):
        return ()
    found = taken_by(meaning.name)
    of_python = _builtin(ALIASES.get(meaning.name, meaning.name))
    names = [full for one in found if one in CLASSES for full in spelled(one)]
    names += [f"builtins.{of_python.__name__}"] if of_python is not None else []
    own = (below for one in names for below in desk.backend.below(one))
    found = tuple(dict.fromkeys((*found, *own)))
    package, _, name = meaning.name.partition(".")
    if found or not name or package in _TRANSLATED | table_of(desk).packages:
        return found
    if package in sys.stdlib_module_names:
        return found  # which may be another name of one of Python's own
    return (meaning.name.rpartition(".")[2],)


def raised_with_text(name: str) -> str:
    """The class of an exception (its full name) that holds one text; "" for another."""
    found = _builtin(name)
    return found.__name__ if found is not None and found.__name__ in _PLAIN else ""


def class_of(name: str, doubts: set[frozenset[str]]) -> str:
    """How the crate's error names the class of an exception; below which others one stands that
    isn't known is in doubt."""
    if name in _NAMED or name in _BUILTIN or _builtin(f"builtins.{name}") is not None:
        return _NAMED.get(name, name)
    doubts.add(frozenset((name, *_BUILTIN)))
    return name


def is_in_doubt(taken: set[str], doubts: set[frozenset[str]]) -> bool:
    """Whether a value decides if what is raised is one of the classes."""
    return any(one & taken and not one <= taken for one in doubts)


def _is_below(of: type[Exception], name: str) -> bool:
    """Whether a class is below one of Python's own; of its own ones, and those above it."""
    found = _OTHERS.get(name) or _builtin(f"builtins.{name}")
    return found is not None and issubclass(found, of)


def _builtin(name: str) -> type[Exception] | None:
    module, _, last = name.rpartition(".")
    found = getattr(builtins, last, None) if module == "builtins" else None
    return found if isinstance(found, type) and issubclass(found, Exception) else None
