"""The way in which a crate's own tests begin its application, where it can be told for certain.

What they share is a module below `tests/`, one of whose functions gives the application: axum's
router, or an object that says the address at which it is served. It takes nothing, or a pool of
connections.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from port_lsp.facts.source import Record

_FUNCTION = re.compile(
    r"^pub (async )?fn (\w+)\(\s*(?:(\w+): ([\w:<>]+),?)?\s*\)\s*->\s*([^{;]+?)\s*\{", re.M
)
_STRUCT = r"^pub struct {name} \{{(.*?)^\}}"
_FIELD = re.compile(r"^\s*pub (\w+): ([^\n]+?),?$", re.M)
_TEST = re.compile(r"#\[((?:tokio|actix_web|actix_rt)::test(?:\([^\]]*\))?)\]")
_ADDRESSES = ("address", "addr", "base_url", "url")
_POOL = re.compile(r"(?:\w+::)*(?:SqlitePool|Pool<(?:\w+::)*Sqlite>)")


class Own(Record, frozen=True):
    """A function of the crate's own tests, by its module. `address` is the field of what it gives
    that says where that is served, behind `scheme`; without one it gives a router. `takes` says
    that it is given a pool, `pool` which field of what it gives is one. `attribute` is what the
    crate's tests are marked with."""

    module: str
    function: str
    gives: str
    is_async: bool
    fails: bool = False
    address: str = ""
    scheme: str = ""
    takes: bool = False
    pool: str = ""
    attribute: str = ""


def own_of(texts: Mapping[str, str], home: str, shared: str) -> Own | str | None:
    """The function of a crate's own tests, whose files are below `home`, that begins its
    application; None where there is none, or why it isn't known which. `shared` is the module that
    we write."""
    found = [
        own
        for path, text in texts.items()
        if posixpath.basename(path) == "mod.rs"
        and posixpath.dirname(posixpath.dirname(path)) == home
        and (module := posixpath.basename(posixpath.dirname(path))) != shared
        for own in _functions(module, text, "\n".join(texts.values()))
    ]
    if len(found) > 1:
        names = " or ".join(sorted(f"{one.module}::{one.function}" for one in found))
        return f"which function of the crate's own tests begins it isn't known: {names}"
    return found[0] if found else None


def _functions(module: str, text: str, every: str) -> Iterator[Own]:
    attributes = Counter(_TEST.findall(every))
    attribute = attributes.most_common(1)[0][0] if attributes else ""
    for waits, name, _, kind, returns in _FUNCTION.findall(text):
        result = re.fullmatch(r"(?:\w+::)*Result<(\w+)(?:, .*)?>", returns)
        gives = result[1] if result is not None else returns
        takes = bool(kind)
        if takes and not _POOL.fullmatch(kind):
            continue
        own = Own(
            module, name, gives, bool(waits), result is not None, takes=takes, attribute=attribute
        )
        if gives.rpartition("::")[2] == "Router":
            yield own
            continue
        struct = re.search(_STRUCT.format(name=re.escape(gives)), text, re.M | re.S)
        served = _served(own, struct[1], every) if struct is not None else None
        if served is not None:
            yield served


def _served(own: Own, fields: str, every: str) -> Own | None:
    """What an object says of where it is served; None where it doesn't."""
    known = dict(_FIELD.findall(fields))
    address = next((one for one in _ADDRESSES if known.get(one) == "String"), "")
    scheme = _scheme(address, every) if address else None
    if scheme is None:
        return None
    pool = next((one for one, kind in known.items() if _POOL.fullmatch(kind)), "")
    return replace(own, address=address, scheme=scheme, pool=pool)


def _scheme(address: str, every: str) -> str | None:
    """What the crate's tests write before such an address; None where they don't say it."""
    field = rf"\w+\.{address}\b"
    whole = re.search(rf'format!\(\s*"\{{\}}/[^"]*",\s*&?{field}', every)
    bare = re.search(rf'format!\(\s*"http://\{{\}}/[^"]*",\s*&?{field}', every)
    if (whole is None) == (bare is None):
        return None
    return "" if whole is not None else "http://"
