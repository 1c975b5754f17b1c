"""The bytes by which we see, before reading it, that a text may register something."""

# Parts of the calls' names, so that few are enough: `_service(` is in `.route_service(`,
# `.nest_service(`, `.default_service(`.
_CALLS = (
    b".route",
    b".service(",
    b".configure(",
    b".nest",
    b".merge(",
    b".to(",
    b".fallback",
    b"_service(",
    b"_route(",
    b"_fallback(",
    b".typed_",
)
_OTHERS = (
    b".layer(",
    b".wrap",
    b"routes!",
    b"Router",
    b"ServiceConfig",
    b"App::new",
    b"HttpServ",
    b"web::scope",
    b"web::resource",
    b"routing::",
)
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


class Words:
    """The words that a file has at all: only those are looked for in its parts."""

    __slots__ = ("_all", "_calls")

    def __init__(self, data: bytes) -> None:
        self._calls = tuple(word for word in _CALLS if word in data)
        others = tuple(word for word in _OTHERS if word in data)
        self._all = self._calls + others

    def register(self, text: bytes) -> bool:
        """Whether a registering call or a router's type may stand in a part; not certain."""
        return any(map(text.__contains__, self._all))

    def have_sites(self, text: bytes) -> bool:
        """Whether one of the calls that `sites` looks for may stand in a part."""
        return b"routes!" in text or any(map(text.__contains__, self._calls))


def rules_register(text: bytes) -> bool:
    """Whether a macro's rules seem to make routes."""
    return any(map(text.__contains__, _IN_RULES))
