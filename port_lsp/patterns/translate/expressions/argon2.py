"""Argon2 as Python's libraries hash with it: argon2-cffi's own values, which pwdlib and passlib
take over.

argon2-cffi: docs, "Choosing Parameters", `argon2.profiles.RFC_9106_LOW_MEMORY`, its default since
21.2: Argon2id, 64 MiB, three passes, four lanes, 16 bytes of salt and 32 of hash. What is verified
says its own values, so that each side takes the other's (crate argon2: docs, `Argon2`,
`password_hash::PasswordVerifier`).
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import BOOL, ERR, OK, STRING, UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, named, symbol

_HASH = "argon2::password_hash"
_ALSO = "port-lsp"
_HASHES = "The Argon2id hash of a password, with the values that Python's argon2-cffi has."
_FITS = "Whether an Argon2 hash is one of a password; it fails where it is no such hash."


_Make = Callable[[str], i.Function]


def hashing(scene: Scene) -> Symbol:
    """`fn argon2_hash(password: &str) -> password_hash::Result<String>` of the crate. Raises
    UntranslatedError."""
    return _helper(scene, "argon2_hash", _HASHES, _hash)


def verifying(scene: Scene) -> Symbol:
    """`fn argon2_verify(password: &str, hash: &str) -> password_hash::Result<bool>` of the crate.
    Raises UntranslatedError."""
    return _helper(scene, "argon2_verify", _FITS, _verify)


def _helper(scene: Scene, name: str, docs: str, make: _Make) -> Symbol:
    if scene.functions is None:
        raise UntranslatedError("a password in a handler that can't fail")
    scene.needs.depend("argon2", "0.5", "std")
    source = scene.inside or f"{scene.backend_file}::"
    key = f"{_ALSO}: {name}"
    return scene.functions.helper(key, source, name, docs, scene.needs, make)


def _hash(name: str) -> i.Function:
    argon2 = symbol("argon2::Argon2")
    numbers = (*(b.Lit(one) for one in ("65_536", "3", "4")), b.Path(symbol("None")))
    params = b.Try(b.Call(b.Path(symbol("argon2::Params"), ("new",)), numbers))
    salt = b.Call(
        b.Path(symbol(f"{_HASH}::SaltString"), ("generate",)),
        (b.Unary("&mut ", b.Path(symbol(f"{_HASH}::rand_core::OsRng"))),),
    )
    made = b.Call(
        b.Path(argon2, ("new",)),
        (
            b.Path(symbol("argon2::Algorithm"), ("Argon2id",)),
            b.Path(symbol("argon2::Version"), ("V0x13",)),
            b.Name("params"),
        ),
    )
    hashed = b.Method(
        b.Name("argon2"),
        "hash_password",
        (b.Method(b.Name("password"), "as_bytes"), b.Unary("&", b.Name("salt"))),
        trait=symbol(f"{_HASH}::PasswordHasher"),
    )
    body = b.Block(
        (
            b.Let(b.Bind("params"), params),
            b.Let(b.Bind("argon2"), made),
            b.Let(b.Bind("salt"), salt),
            b.Let(b.Bind("hash"), b.Try(hashed)),
        ),
        b.Call(b.Path(OK), (b.Method(b.Name("hash"), "to_string"),)),
    )
    return _function(name, ("password",), STRING, body, _HASHES)


def _verify(name: str) -> i.Function:
    parsed = b.Try(b.Call(b.Path(symbol(f"{_HASH}::PasswordHash"), ("new",)), (b.Name("hash"),)))
    asked = b.Method(
        b.Call(b.Path(symbol("argon2::Argon2"), ("default",))),
        "verify_password",
        (b.Method(b.Name("password"), "as_bytes"), b.Unary("&", b.Name("hash"))),
        trait=symbol(f"{_HASH}::PasswordVerifier"),
    )
    wrong = b.PathPattern(symbol(f"{_HASH}::Error"), ("Password",))
    arms = (
        b.Arm(b.TuplePattern(OK, (b.TuplePattern(None, ()),)), _ok("true")),
        b.Arm(b.TuplePattern(ERR, (wrong,)), _ok("false")),
        b.Arm(b.TuplePattern(ERR, (b.Bind("error"),)), b.Call(b.Path(ERR), (b.Name("error"),))),
    )
    body = b.Block((b.Let(b.Bind("hash"), parsed),), b.Match(asked, arms))
    return _function(name, ("password", "hash"), BOOL, body, _FITS)


def _function(
    name: str, params: tuple[str, ...], gives: AnyType, body: b.Block, docs: str
) -> i.Function:
    text = Reference(named("str"))
    return i.Function(
        name,
        tuple(i.Param(b.Bind(one), text) for one in params),
        named(f"{_HASH}::Result", gives),
        body,
        visibility="pub",
        docs=(docs,),
    )


def _ok(text: str) -> b.Expr:
    return b.Call(b.Path(OK), (b.Lit(text),))
