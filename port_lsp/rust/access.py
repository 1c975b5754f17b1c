"""Who may call an endpoint: by the middleware before it, its extractors and checks in its body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from port_lsp.facts.items import Guard
from port_lsp.rust.declared import FnItem
from port_lsp.rust.extracted import extracted
from port_lsp.rust.gates import Gate
from port_lsp.rust.module import Found
from port_lsp.rust.signatures import KeyOf

_WORD = re.compile(r"[A-Za-z_]\w*")
# A role that is asked for on the handler's top level, and nothing else beside it.
_ROLE = re.compile(
    rb"\bif\s+(?P<what>[\w.&*()]*role[\w.()]*\s*!=\s*\"(?P<role>\w+)\""
    rb"|![\w.&*]*\bis_(?P<is>admin|superuser|super_user|superadmin|super_admin|staff|moderator|owner)(?:\(\))?)\s*\{"
)
_REFUSES = re.compile(rb"\b(?:return|Err|bail!|Forbidden|FORBIDDEN|Unauthorized|UNAUTHORIZED)\b")
_CALL = re.compile(
    rb"(?<![.\w:!])((?:\w+::)*)([a-z_]\w*)\s*\([^;{}]*\)\s*(?:\.\s*await\s*)?\?"
    rb"\s*(?:\.\s*\w+\s*)*;"
)
# Middleware of foreign crates of which we know that it keeps nobody out.
_OPEN = re.compile(
    r"cors|compress|logger|\blog|trac|normalizepath|defaultheaders|timeout|metrics|errorhandlers"
    r"|requestid|request_id|catchpanic|setresponseheader|setrequestheader|bodylimit|extension"
    r"|session(?:middleware|managerlayer|layer|store)|identitymiddleware|governor|ratelimit|rate_limit"
    r"|securityheaders|propagate|sensitive|decompress|etag|cache|buffer|concurrency|loadshed"
    r"|handleerror|mapresponse|maprequest|prometheus|otel|opentelemetry|sentry|flash|csrf|condition"
    r"|proxyheaders|cookiemanager|override",
    re.I,
)
_KEEPS_OUT = re.compile(r"auth|login|admin|guard|permission|jwt|bearer|protect|verif|require", re.I)


# What a function that lets somebody in for the first time is called: its refusals are its answers.
_ENTRANCE = re.compile(r"log_?in|sign_?(?:in|up)|issue|refresh|register|authenticate_user|reset")


class _Found(NamedTuple):
    """One thing that keeps somebody out."""

    level: str
    name: str
    evidence: str


class Access:
    """Finds guards among the crate's gates. `looked` gets the names and keys that were looked up:
    as long as none of these is another gate, the guards stay what they are."""

    def __init__(self, gates: Iterable[Gate], key_of: KeyOf) -> None:
        self.looked: set[str] = set()
        self._key_of = key_of
        self._extractors: dict[str, Gate] = {}
        self._by_name: dict[str, list[Gate]] = {}
        for gate in gates:
            if gate.kind == "extractor" and not gate.optional:
                self._extractors[gate.key] = gate
            elif gate.kind != "extractor":
                self._by_name.setdefault(_short(gate), []).append(gate)

    def guard(self, found: Found | None, body: bytes, middleware: tuple[str, ...]) -> Guard:
        """The strictest of what stands before a handler; `body` is the text of its block."""
        reasons = [*self._middleware(middleware)]
        given = {name for gate in self._gates_of(middleware) for name in gate.gives}
        if found is not None and isinstance(found.item, FnItem):
            reasons += self._parameters(found, found.item, given)
            reasons += self._body(body)
        if not reasons:
            return Guard("public")
        evidence = tuple(dict.fromkeys(reason.evidence for reason in reasons))
        for level in ("role", "user", "unknown"):
            best = next((reason for reason in reasons if reason.level == level), None)
            if best is not None:
                return Guard(level, best.name, evidence)
        return Guard("public", None, evidence)

    def _gates_of(self, middleware: tuple[str, ...]) -> Iterator[Gate]:
        for name in middleware:
            gate = self._gate_in(name)
            if gate is not None:
                yield gate

    def _gate_in(self, text: str) -> Gate | None:
        """The crate's gate that a middleware as written names: the innermost name that is one."""
        found: Gate | None = None
        words = _WORD.findall(text)
        self.looked.update(words)
        for word in words:
            gates = self._by_name.get(word, ())
            found = next((gate for gate in gates if gate.kind == "middleware"), None) or found
            if found is None and gates:
                found = gates[0]
        return found

    def _middleware(self, middleware: tuple[str, ...]) -> Iterator[_Found]:
        for text in middleware:
            gate = self._gate_in(text)
            if gate is not None:
                yield from _of_middleware(gate, text)
            elif _KEEPS_OUT.search(text) and not _OPEN.search(text):
                yield _Found("unknown", text, f"middleware {text}: whom it keeps out isn't known")

    def _parameters(self, found: Found, item: FnItem, given: set[str]) -> Iterator[_Found]:
        scope = "".join(f"{part}::" for part in item.module)
        for pattern, kind in item.params:
            taken = extracted(pattern, kind)
            if taken is None or taken.takes != "own" or taken.optional:
                continue
            key = self._key_of(found.module.file, scope, _head(taken.type))
            self.looked.add(key or "")
            gate = self._extractors.get(key or "")
            if gate is None:
                continue
            # Of a variable that is put there the type isn't known.
            said = not any(name[:1].islower() for name in given)
            missing = [name for name in gate.takes if name not in given] if said else []
            what = f"extractor {taken.extractor}"
            if missing:
                what += f": no middleware before it puts {', '.join(missing)} there"
            yield from _of_gate(gate, what)

    def _body(self, body: bytes) -> Iterator[_Found]:
        for match in _ROLE.finditer(body):
            refused = _REFUSES.search(body, match.end(), match.end() + 200)
            if refused and _depth(body, match.start()) == 1:
                role = (match["role"] or match["is"]).decode()
                yield _Found("role", role, f"check in the body: {match['what'].decode()}")
        if b"?" not in body:
            return
        for match in _CALL.finditer(body):
            self.looked.add(match[2].decode())
            gates = self._by_name.get(match[2].decode(), ())
            gate = next((gate for gate in gates if gate.kind == "check"), None)
            if _ENTRANCE.search(match[2].decode()):
                continue
            if gate is not None and gate.statuses and _depth(body, match.start()) == 1:
                yield from _of_gate(gate, f"check in the body: {match[2].decode()}")


def changed_gates(before: Iterable[Gate], now: Iterable[Gate]) -> set[str]:
    """The names and keys of gates that are there in only one of two lists, or differ."""
    old, new = set(before), set(now)
    return {name for gate in old ^ new for name in (gate.key, _short(gate))}


def _short(gate: Gate) -> str:
    return gate.name.rpartition("::")[2]


def _of_middleware(gate: Gate, text: str) -> Iterator[_Found]:
    """Whom a middleware of the crate keeps out: nobody where it lets through who shows nothing,
    or where it is about something else and looks at no credential."""
    if gate.lets:
        return
    own = gate.name.rpartition("::")[2]
    if not gate.roles and not gate.reads and not gate.takes and _OPEN.search(own):
        return
    if gate.statuses or gate.roles:
        yield from _of_gate(gate, f"middleware {text}")
    elif gate.fails and gate.reads and _KEEPS_OUT.search(own):
        yield _Found("unknown", gate.name, f"middleware {text}: whom it keeps out isn't known")


def _of_gate(gate: Gate, evidence: str) -> Iterator[_Found]:
    if gate.roles:
        yield _Found("role", gate.roles[0], evidence)
    elif gate.statuses:
        yield _Found("user", gate.name, evidence)


def _head(kind: str) -> str:
    return kind.partition("<")[0].strip().lstrip("&")


def _depth(body: bytes, at: int) -> int:
    """How many braces are open; those in texts pair up, as format strings have them."""
    return body.count(b"{", 0, at) - body.count(b"}", 0, at)
