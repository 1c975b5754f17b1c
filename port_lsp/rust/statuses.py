"""HTTP status codes as Rust code names them.

Constants are those of the `http` crate 1 (`StatusCode::NOT_FOUND`); actix-web 4 names builders
(`HttpResponse::NotFound()`) and errors (`ErrorNotFound(…)`) after them.
"""

import re

_TABLE = """
    100 CONTINUE 101 SWITCHING_PROTOCOLS 102 PROCESSING 103 EARLY_HINTS
    200 OK 201 CREATED 202 ACCEPTED 203 NON_AUTHORITATIVE_INFORMATION 204 NO_CONTENT
    205 RESET_CONTENT 206 PARTIAL_CONTENT 207 MULTI_STATUS 208 ALREADY_REPORTED 226 IM_USED
    300 MULTIPLE_CHOICES 301 MOVED_PERMANENTLY 302 FOUND 303 SEE_OTHER 304 NOT_MODIFIED
    305 USE_PROXY 307 TEMPORARY_REDIRECT 308 PERMANENT_REDIRECT
    400 BAD_REQUEST 401 UNAUTHORIZED 402 PAYMENT_REQUIRED 403 FORBIDDEN 404 NOT_FOUND
    405 METHOD_NOT_ALLOWED 406 NOT_ACCEPTABLE 407 PROXY_AUTHENTICATION_REQUIRED
    408 REQUEST_TIMEOUT 409 CONFLICT 410 GONE 411 LENGTH_REQUIRED 412 PRECONDITION_FAILED
    413 PAYLOAD_TOO_LARGE 414 URI_TOO_LONG 415 UNSUPPORTED_MEDIA_TYPE 416 RANGE_NOT_SATISFIABLE
    417 EXPECTATION_FAILED 418 IM_A_TEAPOT 421 MISDIRECTED_REQUEST 422 UNPROCESSABLE_ENTITY
    423 LOCKED 424 FAILED_DEPENDENCY 425 TOO_EARLY 426 UPGRADE_REQUIRED 428 PRECONDITION_REQUIRED
    429 TOO_MANY_REQUESTS 431 REQUEST_HEADER_FIELDS_TOO_LARGE 451 UNAVAILABLE_FOR_LEGAL_REASONS
    500 INTERNAL_SERVER_ERROR 501 NOT_IMPLEMENTED 502 BAD_GATEWAY 503 SERVICE_UNAVAILABLE
    504 GATEWAY_TIMEOUT 505 HTTP_VERSION_NOT_SUPPORTED 506 VARIANT_ALSO_NEGOTIATES
    507 INSUFFICIENT_STORAGE 508 LOOP_DETECTED 510 NOT_EXTENDED
    511 NETWORK_AUTHENTICATION_REQUIRED
"""
_WORDS = _TABLE.split()
CODES: dict[str, int] = {
    name: int(code) for code, name in zip(_WORDS[::2], _WORDS[1::2], strict=True)
}
_BUILDERS = {name.title().replace("_", ""): code for name, code in CODES.items()}

_NAMED = re.compile(
    rb"\bStatusCode\s*::\s*(?:(?P<constant>[A-Z][A-Z_]+)\b|from_u16\s*\(\s*(?P<number>\d{3})\b)"
    rb"|\b(?:HttpResponse|HttpResponseBuilder|Response)\s*::\s*(?P<builder>[A-Z]\w+)\b"
    rb"|\bError(?P<error>[A-Z]\w+)\s*(?:\(|::\s*<)"
    rb"|\(\s*(?P<literal>[1-5]\d\d)\s*,"
)


def statuses(data: bytes, start: int = 0, end: int | None = None) -> tuple[int, ...]:
    """The codes that a range of Rust text names, each once, in order."""
    found: dict[int, None] = {}
    for match in _NAMED.finditer(data, start, len(data) if end is None else end):
        if number := match["number"] or match["literal"]:
            found[int(number)] = None
        elif constant := match["constant"]:
            if code := CODES.get(constant.decode()):
                found[code] = None
        elif code := _BUILDERS.get((match["builder"] or match["error"]).decode()):
            found[code] = None
    return tuple(found)


def status_of_name(name: str) -> int | None:
    """The code that a variant's name says: `NotFound`, `Unauthorized`; None for other names."""
    return _BUILDERS.get(name)
