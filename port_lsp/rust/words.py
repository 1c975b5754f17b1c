"""The bytes by which we see, before reading it, that a text may register something."""

_CALLS = (
    b".route(",
    b".service(",
    b".configure(",
    b".nest(",
    b".merge(",
    b".layer(",
    b".wrap(",
    b".to(",
    b".fallback(",
    b".route_",
    b".nest_",
    b".fallback_",
    b".default_service(",
    b".routes(",
    b".api_route(",
    b".wrap_fn(",
    b".typed_",
    b".method_not_allowed_fallback(",
)
_NAMES = (
    b"routes!",
    b"Router",
    b"ServiceConfig",
    b"App::new",
    b"HttpServer",
    b"web::scope",
    b"web::resource",
    b"HttpServiceFactory",
    b"routing::",
)
# A free function of these names makes a method router; a method is called behind a dot.
_METHODS = tuple(
    before + name + b"("
    for name in (b"get", b"post", b"put", b"patch", b"delete", b"any")
    for before in (b" ", b"(")
)
_ALL = (*_CALLS, *_NAMES, *_METHODS)


def registers(text: bytes) -> bool:
    """Whether a registering call or a router's type may stand in the text; cheap, not certain."""
    return any(word in text for word in _ALL)


# What a macro's rules hold that makes routes.
_IN_RULES = (
    b".route(",
    b".service(",
    b".configure(",
    b".nest(",
    b".routes(",
    b"web::resource",
    b"web::scope",
    b"Router::new",
    b"MethodRouter",
)


def rules_register(text: bytes) -> bool:
    """Whether a macro's rules seem to make routes."""
    return any(word in text for word in _IN_RULES)


def has_sites(text: bytes) -> bool:
    """Whether one of the calls that `sites` looks for may stand in the text, attributes aside."""
    return b"routes!" in text or any(word in text for word in _CALLS)
