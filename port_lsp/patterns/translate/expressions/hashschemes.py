"""By which schemes the backend's password contexts hash: pwdlib's, passlib's and argon2-cffi's.

Which context a name stands for isn't asked: all of one class in the backend must have the same
schemes, and nothing else may be said of how they hash. The first one hashes; what is to be verified
says itself by which it was made (pwdlib: docs, "Reference", `PasswordHash`; passlib: docs of
`passlib.context`).
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.scene import Scene, dotted
from port_lsp.python.parsing import parsed

CONTEXTS = {
    "passlib.context.CryptContext()": "CryptContext",
    "pwdlib.PasswordHash()": "PasswordHash",
    "pwdlib.PasswordHash.recommended()": "PasswordHash",
    "argon2.PasswordHasher()": "PasswordHasher",
}
"""The classes of contexts, by what an object of theirs means."""
_HASHERS = {"Argon2Hasher": "argon2", "BcryptHasher": "bcrypt"}
_KNOWN = frozenset(("argon2", "bcrypt"))


def schemes(scene: Scene, name: str) -> tuple[str, ...]:
    """The schemes of every context of a class, `argon2` and `bcrypt`; nothing where they aren't
    known, or differ."""
    found: set[tuple[str, ...]] = set()
    for file in scene.desk.snapshot.backend_files.values():
        if name.encode() not in file.text.data:
            continue
        tree = parsed(file.text.data.decode("utf-8", "replace"))
        if tree is None:
            return ()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                parts = dotted(node.func).split(".")
                if parts[-1] == name:
                    found.add(_SCHEMES[name](node))
                elif parts[-2:] == [name, "recommended"]:
                    found.add(() if node.args or node.keywords else ("argon2",))
    return found.pop() if len(found) == 1 else ()


def _of_passlib(node: ast.Call) -> tuple[str, ...]:
    given = {one.arg: one.value for one in node.keywords}
    if node.args or not set(given) <= {"schemes", "deprecated", "default"}:
        return ()
    items = _items(given.get("schemes"))
    names = tuple(one.value for one in items if isinstance(one, ast.Constant))
    default = given.get("default")
    first = isinstance(default, ast.Constant) and names[:1] == (default.value,)
    if len(names) != len(items) or not _KNOWN.issuperset(names) or (default and not first):
        return ()
    return tuple(map(str, names))


def _of_pwdlib(node: ast.Call) -> tuple[str, ...]:
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "hashers")]
    items = _items(given[0]) if len(given) == len(node.args) + len(node.keywords) == 1 else []
    found = [
        _HASHERS.get(dotted(one.func).rpartition(".")[2], "")
        for one in items
        if isinstance(one, ast.Call) and not one.args and not one.keywords
    ]
    return tuple(found) if len(found) == len(items) and all(found) else ()


def _of_argon2(node: ast.Call) -> tuple[str, ...]:
    return () if node.args or node.keywords else ("argon2",)


def _items(node: ast.expr | None) -> list[ast.expr]:
    return node.elts if isinstance(node, (ast.List, ast.Tuple)) else []


_SCHEMES = {
    "CryptContext": _of_passlib,
    "PasswordHash": _of_pwdlib,
    "PasswordHasher": _of_argon2,
}
