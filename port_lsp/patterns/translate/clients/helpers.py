"""Functions that are written once for requests to other servers, beside the crate's models: the
client, which is built once; what reads an answer to its end; what asks something of one.

reqwest 0.12: docs of `ClientBuilder`, `redirect::Policy`, `RequestBuilder`. Whatever fails is
answered with 500, as FastAPI answers what nobody caught.
"""

from __future__ import annotations

from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.clients.failures import failed, late, of_class, status
from port_lsp.patterns.translate.clients.kinds import OK, Kind, kind_of
from port_lsp.patterns.translate.clients.once import helper
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import BOOL, SOME, STRING, VALUE, UntranslatedError, Val
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol, named

_CLIENT = named("reqwest::Client")
_ONCE = named("std::sync::OnceLock", _CLIENT)
_PROXIES = {True: ", with the proxies of the environment", False: ", without a proxy"}


def client(
    scene: Scene, kind: Kind, redirects: int, *, by_environment: bool, verifies: bool = True
) -> b.Expr:
    """The client that follows so many redirects, takes the environment's proxies or none, and asks
    for a good certificate or takes any."""
    name = f"{kind.name}_client"
    if redirects != kind.redirects:
        name += "_with_redirects" if redirects else "_without_redirects"
    if by_environment != kind.by_environment:
        name += "_with_proxies" if by_environment else "_without_proxies"
    if not verifies:
        name += "_of_anybody"
    policy = f"limited({redirects})" if redirects else "none()"
    proxies = "" if by_environment else ".no_proxy()"
    any_ = "" if verifies else ".danger_accept_invalid_certs(true)"
    built = rust(
        f"reqwest::Client::builder().redirect(reqwest::redirect::Policy::{policy}){proxies}{any_}"
        ".build().unwrap_or_default()"
    )
    docs = (
        f"The client that asks as Python's `{kind.name}` does"
        f"{', and follows no redirect' if not redirects else ''}"
        f"{'' if by_environment == kind.by_environment else _PROXIES[by_environment]}"
        f"{'' if verifies else ', whatever certificate there is'}."
    )

    def make(claimed: str) -> i.Function:
        new = b.Call(b.Path(_ONCE.head, ("new",)))
        static = i.Const("CLIENT", _ONCE, new, "static")
        got = b.Method(b.Name("CLIENT"), "get_or_init", (b.Closure((), built),))
        returns = Reference(_CLIENT, lifetime="static")
        block = b.Block((b.Nested(static),), got)
        return i.Function(claimed, (), returns, block, visibility="pub", docs=(docs,))

    return b.Call(b.Path(helper(scene, name, docs, make)))


def answer(scene: Scene, kind: Kind) -> Symbol:
    """The function that sends a request and reads the answer to its end. Python's `requests` and
    `httpx` wait for each part as long as is said, aiohttp as long in all."""
    name = f"{kind.name}_answer"
    docs = f"What is answered to a request, read to its end as Python's `{kind.name}` does."
    by_part = kind.name != "aiohttp"
    parts = {"failed": failed(scene, kind)}
    begun = {**parts, "late": late(scene, kind, is_body=False)}
    broken_off = {**parts, "late": late(scene, kind, is_body=True)}
    request = i.Param(b.Bind("request"), named("reqwest::RequestBuilder"))
    limit = i.Param(b.Bind("limit"), named("Option", named("std::time::Duration")))

    def make(claimed: str) -> i.Function:
        first, after = ("tokio::time::timeout(limit, ", ").await") if by_part else ("", ".await")
        asked = f"{'.map_err(|_| late)?' if by_part else ''}.map_err(failed)?"
        sent = rust(f"{first}request.send(){after}{asked}", begun)
        chunk = rust(f"{first}response.chunk(){after}{asked}", broken_off)
        longest = rust("limit.unwrap_or(std::time::Duration::MAX)")
        before: tuple[b.Statement, ...] = (b.Let(b.Bind("limit"), longest),) if by_part else ()
        extended = b.Do(rust("body.extend_from_slice(&chunk)"))
        done = {"requests": "bytes::Bytes::from(body)", "httpx": "body.into_boxed_slice()"}
        statements = (
            *before,
            b.Let(b.Bind("response", "mut "), sent),
            b.Let(b.Bind("body", "mut "), rust("Vec::new()")),
            b.Do(b.While(chunk, b.Block((extended,)), b.TuplePattern(SOME, (b.Bind("chunk"),)))),
            b.Let(
                b.Bind("answer", "mut "),
                rust(f"http::Response::new({done.get(kind.name, 'body')})"),
            ),
            b.Assign(b.Unary("*", rust("answer.status_mut()")), rust("response.status()")),
            b.Assign(
                b.Unary("*", rust("answer.headers_mut()")), rust("response.headers().clone()")
            ),
        )
        return i.Function(
            claimed, (request, limit) if by_part else (request,), _result(scene, kind.answer),
            b.Block(statements, rust("Ok(answer)")), is_async=True, visibility="pub", docs=(docs,),
        )  # fmt: skip

    return helper(scene, name, docs, make)


def is_good(scene: Scene, val: Val) -> b.Expr | None:
    """Whether an answer counts as true: of `requests` one that is no error, of the others each.
    None for what is no answer."""
    kind = kind_of(val)
    if kind is None or kind.name != "requests":
        return b.Lit("true") if kind is not None else None
    docs = "Whether an answer counts as true in Python, to which an error doesn't."

    def make(claimed: str) -> i.Function:
        param = i.Param(b.Bind("answer"), Reference(kind.answer))
        tail = rust(OK, {"of": b.Name("answer")})
        return i.Function(
            claimed, (param,), BOOL, b.Block(tail=tail), visibility="pub", docs=(docs,)
        )

    whole = val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)
    return b.Call(b.Path(helper(scene, f"{kind.name}_is_good", docs, make)), (whole,))


_BAD = {
    "requests": "answer.status().is_client_error() || answer.status().is_server_error()",
    "httpx": "!answer.status().is_success()",
    "aiohttp": "answer.status().as_u16() >= 400",
}


def checked(scene: Scene, kind: Kind) -> Symbol:
    """`raise_for_status()`."""
    name = f"{kind.name}_raise_for_status"
    docs = f"Fails where `raise_for_status` of Python's `{kind.name}` does."
    tail = rust(f"if {_BAD[kind.name]} {{ Err(refused) }} else {{ Ok(nothing) }}",
                 {"refused": status(scene, kind), "nothing": b.TupleOf()})  # fmt: skip

    def make(claimed: str) -> i.Function:
        return i.Function(
            claimed, (i.Param(b.Bind("answer"), Reference(kind.answer)),), _result(scene, UNIT),
            b.Block(tail=tail), visibility="pub", docs=(docs,),
        )  # fmt: skip

    return helper(scene, name, docs, make)


def json_of(scene: Scene, kind: Kind) -> Symbol:
    """`json()`: aiohttp's asks for a media type of JSON, and gives None of nothing."""
    name = f"{kind.name}_json"
    docs = f"What `json` of Python's `{kind.name}` gives of an answer."
    refused = {
        "refused": of_class(scene, kind, "JSONDecodeError"),
        "garbled": of_class(scene, kind, "UnicodeDecodeError"),
        "other": of_class(scene, kind, "ContentTypeError"),
        "null": b.Path(VALUE.head, ("Null",)),
    }
    read = "serde_json::from_slice(answer.body()).map_err(|_| refused)"
    told_apart = scene.errors is not None and scene.errors.exception
    if kind.name != "requests" and told_apart:  # `requests` takes another way to the text
        read = (
            "serde_json::from_slice(answer.body()).map_err(|_|"
            " if std::str::from_utf8(answer.body()).is_ok() { refused } else { garbled })"
        )
    if kind.name == "aiohttp":
        media = (
            'answer.headers().get("content-type").and_then(|media| media.to_str().ok())'
            ".unwrap_or_default().split(';').next().unwrap_or_default().trim()"
            ".to_ascii_lowercase()"
        )
        read = (
            f"{{ let media = {media};"
            ' if media != "application/json" && !media.ends_with("+json") { Err(other) }'
            f" else if answer.body().trim_ascii().is_empty() {{ Ok(null) }} else {{ {read} }} }}"
        )
    tail = rust(read, refused)

    scene.need_json()
    return _of_answer(scene, kind, name, docs, VALUE, tail)


def _of_answer(
    scene: Scene, kind: Kind, name: str, docs: str, gives: AnyType, whole: b.Expr
) -> Symbol:
    """The symbol of a function that makes something of an answer, or fails."""

    def make(claimed: str) -> i.Function:
        block = whole if isinstance(whole, b.Block) else b.Block(tail=whole)
        return i.Function(
            claimed, (i.Param(b.Bind("answer"), Reference(kind.answer)),), _result(scene, gives),
            block, visibility="pub", docs=(docs,),
        )  # fmt: skip

    return helper(scene, name, docs, make)


_CHARSET = (
    'answer.headers().get("content-type").and_then(|media| media.to_str().ok())'
    ".unwrap_or_default().split(';').skip(1).filter_map(|part| part.split_once('='))"
    '.find(|pair| pair.0.trim().eq_ignore_ascii_case("charset"))'
    """.map(|pair| pair.1.trim_matches([' ', '"']).to_ascii_lowercase()).unwrap_or_default()"""
)


def text_of(scene: Scene, kind: Kind) -> Symbol:
    """`text()` of aiohttp: as the answer says that it is encoded, else UTF-8. What isn't one of the
    usual encodings fails."""
    name = f"{kind.name}_text"
    docs = (
        f"What `text` of Python's `{kind.name}` gives of an answer in one of the usual encodings."
    )
    refused = {"refused": of_class(scene, kind, "UnicodeDecodeError")}
    text = (
        f'{{ let charset = {_CHARSET}; if ["iso-8859-1", "latin-1", "latin1"]'
        ".contains(&charset.as_str())"
        " { Ok(answer.body().iter().map(|one| char::from(*one)).collect()) }"
        ' else if ["", "utf-8", "utf8"].contains(&charset.as_str()) || (answer.body().is_ascii()'
        ' && ["us-ascii", "ascii"].contains(&charset.as_str()))'
        " { std::str::from_utf8(answer.body()).map(str::to_string).map_err(|_| refused) }"
        " else { Err(refused) } }"
    )
    whole = rust(text, refused)

    return _of_answer(scene, kind, name, docs, STRING, whole)


def _result(scene: Scene, gives: AnyType) -> AnyType:
    if scene.result is None:
        raise UntranslatedError("a request in a handler that can't fail")
    return around(scene.result, gives)
