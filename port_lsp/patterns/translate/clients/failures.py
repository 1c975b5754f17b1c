"""The errors for what Python's clients of HTTP raise, by what reqwest says of its own.

reqwest 0.12: docs of `Error`; what it doesn't say there, its causes say in words: those of `url`'s
`ParseError`, `hyper`'s `Error`, `rustls`' `Error`, and `std::io::Error`, which writes the number of
one of the system's. What Python raises was seen of requests 2.32, httpx 0.28 and aiohttp 3.14.
"""

from __future__ import annotations

from port_lsp.patterns.translate.clients.kinds import Kind
from port_lsp.patterns.translate.clients.once import helper
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.hierarchies import ALIKE, WRITTEN
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import known
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Type, named
from port_lsp.writing.printer.literals import string

_ERROR = named("reqwest::Error")
_SAID = (
    "std::iter::successors(std::error::Error::source(&error),"
    " |one| std::error::Error::source(*one)).map(|one| one.to_string()).collect::<String>()"
)
# The first question that holds says which class it is.
_SYSTEM, _PARSED = 'said.contains("(os error ")', 'said.contains(" parsed")'
_DOMAIN = 'said.contains("domain name")'
_QUESTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "requests": (
        ("error.is_builder()", "InvalidURL"),
        ("error.is_redirect()", "TooManyRedirects"),
        ("error.is_request()", "ConnectionError"),
        ("", "ChunkedEncodingError"),
    ),
    "httpx": (
        (
            'error.is_builder() && ["relative URL", "scheme", "empty host"].iter()'
            ".any(|one| said.contains(one))",
            "UnsupportedProtocol",
        ),
        (f"error.is_builder() && !{_DOMAIN}", "InvalidURL"),
        ("error.is_redirect()", "TooManyRedirects"),
        ('error.is_connect() && said.contains("tunnel")', "ProxyError"),
        ("error.is_connect() || error.is_builder()", "ConnectError"),
        (_SYSTEM, "ReadError"),
        ("", "RemoteProtocolError"),
    ),
    "aiohttp": (
        ('error.is_builder() && said.contains("scheme")', "NonHttpUrlClientError"),
        (f"error.is_builder() && !{_DOMAIN}", "InvalidURL"),
        ("error.is_redirect()", "TooManyRedirects"),
        ('error.is_connect() && said.contains("tunnel")', "ClientHttpProxyError"),
        (
            'error.is_connect() && said.contains("certificate")',
            "ClientConnectorCertificateError",
        ),
        ("error.is_connect() && error.is_timeout()", "ConnectionTimeoutError"),
        ("error.is_connect() || error.is_builder()", "ClientConnectorError"),
        ("error.is_timeout()", "TimeoutError"),
        (f"error.is_request() && {_SYSTEM}", "ClientOSError"),
        (f'{_PARSED} || said.contains("Invalid chunk")', "ClientResponseError"),
        ("error.is_request()", "ServerDisconnectedError"),
        ("", "ClientPayloadError"),
    ),
}
_TIMEOUTS = {"requests": "ReadTimeout", "httpx": "ReadTimeout", "aiohttp": "TimeoutError"}
_STATUS = {
    "requests": "HTTPError",
    "httpx": "HTTPStatusError",
    "aiohttp": "ClientResponseError",
}


def class_named(kind: Kind, name: str) -> str:
    """How an error calls a class of the library; one of Python's own by its name alone."""
    whole = f"{kind.name}.{name}"
    return whole if whole in WRITTEN else name


def raised_by(kind: Kind, what: str) -> frozenset[str]:
    """The classes of what a request raises, `raise_for_status`, `json` or `text` of its answer,
    with those that may be meant by them."""
    if what == "text":
        return frozenset(("UnicodeDecodeError",))
    if what == "raise_for_status":
        return frozenset((class_named(kind, _STATUS[kind.name]),))
    if what == "json" and kind.name == "requests":
        return frozenset(("requests.JSONDecodeError",))
    if what == "json":
        return frozenset(("JSONDecodeError", "UnicodeDecodeError", f"{kind.name}.ContentTypeError"))
    names = [name for _, name in _QUESTIONS[kind.name]] + [_TIMEOUTS[kind.name]]
    return frozenset(class_named(kind, one) for one in names).union(*ALIKE[kind.name])


def of_class(scene: Scene, kind: Kind, name: str) -> b.Expr:
    """The error for one of its library's classes, or Python's own."""
    scene.doubts |= ALIKE[kind.name]
    return unsaid(scene, class_named(kind, name))


def late(scene: Scene, kind: Kind, *, is_body: bool) -> b.Expr:
    """The error for an answer that doesn't come in time. `requests` calls it another thing where
    only the rest of it doesn't (`Response.iter_content`)."""
    is_other = is_body and kind.name == "requests"
    return of_class(scene, kind, "ConnectionError" if is_other else _TIMEOUTS[kind.name])


def status(scene: Scene, kind: Kind) -> b.Expr:
    """The error that `raise_for_status` raises."""
    return of_class(scene, kind, _STATUS[kind.name])


def failed(scene: Scene, kind: Kind) -> b.Expr:
    """What makes an error of reqwest's."""
    errors = scene.errors
    if errors is None or not errors.exception:
        return b.Closure((b.Wild(),), unsaid(scene, ""))
    scene.doubts |= ALIKE[kind.name]
    name = f"{kind.name}_error"
    docs = f"What Python's `{kind.name}` raises where a request fails, or its answer breaks off."

    def make(claimed: str) -> i.Function:
        questions = _QUESTIONS[kind.name]
        chain = " else ".join(
            f"{f'if {asked} ' if asked else ''}{{ {string(class_named(kind, one))} }}"
            for asked, one in questions
        )
        said = any("said" in asked for asked, _ in questions)
        before = (b.Let(b.Bind("said"), rust(_SAID)),) if said else ()
        text = b.Method(known("Internal Server Error").expr, "into")
        whole = b.Call(b.Path(errors.symbol, (errors.exception,)), (b.Name("class"), text))
        block = b.Block((*before, b.Let(b.Bind("class"), rust(chain))), whole)
        params = (i.Param(b.Bind("error"), _ERROR),)
        return i.Function(
            claimed, params, Type(errors.symbol), block, visibility="pub", docs=(docs,)
        )

    return b.Path(helper(scene, name, docs, make))
