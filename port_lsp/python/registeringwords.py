"""Words by which something is registered: what a chunk's text must have to be looked into."""

from __future__ import annotations

import re

# Words by which a body or a statement may register something. A miss here is a missing endpoint,
# a hit too many costs a look.
REGISTERING = re.compile(
    rb"include_router|add_api_|add_route|add_websocket|APIRouter|FastAPI|Router\(|\.mount\("
    rb"|add_middleware|add_exception_handler|super\(\)\.__init__|AsyncServer|register_namespace"
    rb"|@[\w.]+\.(?:get|post|put|delete|patch|head|options|trace|api_route|websocket|route)\s*\("
    rb"|\.(?:get|post|put|delete|patch|head|options|trace|api_route|websocket)\(\s*f?[\"']/"
    rb"|\.(?:on|event)\b"
)
ROUTE_DECORATOR = re.compile(
    rb"^\s*@[\w.]+\.(?:get|post|put|delete|patch|head|options|trace|api_route|websocket"
    rb"|websocket_route|route|on|event)\b",
    re.M,
)
_TAKES_APPLICATION = re.compile(rb"[(,]\s*(?:\w+\s*=\s*)?\w*(?:app|api|router|sio)\s*[,)]")
LOOKED_INTO = re.compile(rb"\b(?:import|def|class)\b|\.(?:append|extend|update)\(|\+=")
BOUND_INSIDE = re.compile(rb"^[ \t]+(\w+)[ \t]*(?::[^=\n]+)?=[^=]", re.M)
CALLED = re.compile(rb"=\s*([A-Za-z_][\w.]*)\(")
MAIN = re.compile(rb"if\s*\(?\s*__name__\s*==")


def needed_now(data: bytes, targets: tuple[str, ...], rebound: list[str]) -> bool:
    """Whether an assignment must be looked into in its turn.

    It is where it may register something (an application or a router goes into a call), and where
    its value speaks of the very name that it binds anew.
    """
    _, _, value = data.partition(b"=")
    if not targets:
        return bool(REGISTERING.search(value))
    if _TAKES_APPLICATION.search(value):
        return True
    return any(re.search(rb"\b%s\b" % name.encode(), value) for name in rebound)
