"""The classes of what Python's clients of HTTP raise, and what is above each.

requests 2.32: `exceptions.py`; httpx 0.28: `_exceptions.py`; aiohttp 3: `client_exceptions.py`.
They are called by the library's name and their own, as several have one called `HTTPError`;
without a dot stands what is Python's own.
"""

from __future__ import annotations

import re

_REQUESTS = {
    "RequestException": "OSError",
    "InvalidJSONError": "RequestException",
    "JSONDecodeError": "InvalidJSONError json.JSONDecodeError",
    "HTTPError": "RequestException",
    "ConnectionError": "RequestException",
    "ProxyError": "ConnectionError",
    "SSLError": "ConnectionError",
    "Timeout": "RequestException",
    "ConnectTimeout": "ConnectionError Timeout",
    "ReadTimeout": "Timeout",
    "URLRequired": "RequestException",
    "TooManyRedirects": "RequestException",
    "MissingSchema": "RequestException ValueError",
    "InvalidSchema": "RequestException ValueError",
    "InvalidURL": "RequestException ValueError",
    "InvalidHeader": "RequestException ValueError",
    "InvalidProxyURL": "InvalidURL",
    "ChunkedEncodingError": "RequestException",
    "ContentDecodingError": "RequestException",
    "StreamConsumedError": "RequestException TypeError",
    "RetryError": "RequestException",
    "UnrewindableBodyError": "RequestException",
}
_HTTPX = {
    "HTTPError": "Exception",
    "RequestError": "HTTPError",
    "TransportError": "RequestError",
    "TimeoutException": "TransportError",
    "ConnectTimeout": "TimeoutException",
    "ReadTimeout": "TimeoutException",
    "WriteTimeout": "TimeoutException",
    "PoolTimeout": "TimeoutException",
    "NetworkError": "TransportError",
    "ConnectError": "NetworkError",
    "ReadError": "NetworkError",
    "WriteError": "NetworkError",
    "CloseError": "NetworkError",
    "ProxyError": "TransportError",
    "UnsupportedProtocol": "TransportError",
    "ProtocolError": "TransportError",
    "LocalProtocolError": "ProtocolError",
    "RemoteProtocolError": "ProtocolError",
    "DecodingError": "RequestError",
    "TooManyRedirects": "RequestError",
    "HTTPStatusError": "HTTPError",
    "InvalidURL": "Exception",
    "CookieConflict": "Exception",
    "StreamError": "RuntimeError",
    "StreamConsumed": "StreamError",
    "StreamClosed": "StreamError",
    "ResponseNotRead": "StreamError",
    "RequestNotRead": "StreamError",
}
_AIOHTTP = {
    "ClientError": "Exception",
    "ClientResponseError": "ClientError",
    "ContentTypeError": "ClientResponseError",
    "WSServerHandshakeError": "ClientResponseError",
    "ClientHttpProxyError": "ClientResponseError",
    "TooManyRedirects": "ClientResponseError",
    "ClientConnectionError": "ClientError",
    "ClientConnectionResetError": "ClientConnectionError ConnectionError",
    "ClientOSError": "ClientConnectionError OSError",
    "ClientConnectorError": "ClientOSError",
    "ClientConnectorDNSError": "ClientConnectorError",
    "ClientProxyConnectionError": "ClientConnectorError",
    "UnixClientConnectorError": "ClientConnectorError",
    "ClientSSLError": "ClientConnectorError",
    "ClientConnectorSSLError": "ClientSSLError ssl.SSLError",
    "ClientConnectorCertificateError": (
        "ClientSSLError ssl.SSLCertVerificationError ssl.SSLError ValueError"
    ),
    "ServerConnectionError": "ClientConnectionError",
    "ServerDisconnectedError": "ServerConnectionError",
    "ServerTimeoutError": "ServerConnectionError TimeoutError",
    "ConnectionTimeoutError": "ServerTimeoutError",
    "SocketTimeoutError": "ServerTimeoutError",
    "ServerFingerprintMismatch": "ServerConnectionError",
    "ClientPayloadError": "ClientError",
    "InvalidURL": "ClientError ValueError",
    "InvalidUrlClientError": "InvalidURL",
    "RedirectClientError": "ClientError",
    "NonHttpUrlClientError": "ClientError",
    "InvalidUrlRedirectClientError": "InvalidUrlClientError RedirectClientError",
    "NonHttpUrlRedirectClientError": "NonHttpUrlClientError RedirectClientError",
}
_OWN = {"json.JSONDecodeError": "JSONDecodeError"}


def _whole(package: str, classes: dict[str, str]) -> dict[str, tuple[str, ...]]:
    def of(name: str) -> str:
        return f"{package}.{name}" if name in classes else _OWN.get(name, name)

    return {of(name): tuple(map(of, above.split())) for name, above in classes.items()}


_ABOVE = {
    **_whole("requests", _REQUESTS), **_whole("httpx", _HTTPX), **_whole("aiohttp", _AIOHTTP),
}  # fmt: skip
_INSIDE = ("exceptions", "_exceptions", "client_exceptions")
_MODULES = re.compile(rf"^(requests|httpx|aiohttp)\.(?:{'|'.join(_INSIDE)})\.")


def called(name: str) -> str:
    """How a class (its full name) is called here; "" for none of these."""
    found = _MODULES.sub(r"\1.", name)
    return found if found in _ABOVE else ""


def spelled(name: str) -> tuple[str, ...]:
    """The full names of a class that is called so here."""
    package, _, own = name.partition(".")
    return (name, *(f"{package}.{one}.{own}" for one in _INSIDE))


def above(name: str) -> frozenset[str]:
    """All that is above a class, as far as Python's own, and itself."""
    return frozenset({name}).union(*map(above, _ABOVE.get(name, ())))


CLASSES = {name: above(name) for name in _ABOVE}
"""Each class, with what is above it."""

RAISED = {
    "requests": (
        "InvalidURL", "TooManyRedirects", "ConnectionError", "ReadTimeout", "ChunkedEncodingError",
        "HTTPError", "JSONDecodeError",
    ),
    "httpx": (
        "UnsupportedProtocol", "InvalidURL", "TooManyRedirects", "ProxyError", "ConnectError",
        "ReadError", "RemoteProtocolError", "ReadTimeout", "HTTPStatusError",
    ),
    "aiohttp": (
        "NonHttpUrlClientError", "InvalidURL", "TooManyRedirects", "ClientHttpProxyError",
        "ClientConnectorCertificateError", "ClientConnectorError", "ConnectionTimeoutError",
        "ClientOSError", "ClientResponseError", "ServerDisconnectedError", "ClientPayloadError",
        "ContentTypeError",
    ),
}  # fmt: skip
"""By which of its library's classes an error of the crate is called. reqwest doesn't tell all of
them apart: ALIKE says for which others one may stand."""
WRITTEN = frozenset(f"{package}.{one}" for package, names in RAISED.items() for one in names)

_ALIKE = {
    "requests": (
        "InvalidURL MissingSchema InvalidSchema InvalidHeader",
        "ConnectionError SSLError ProxyError",
        "ReadTimeout ConnectTimeout",
    ),
    "httpx": (
        "ReadError WriteError",
        "RemoteProtocolError LocalProtocolError",
        "ReadTimeout ConnectTimeout WriteTimeout PoolTimeout",
    ),
    "aiohttp": (
        "NonHttpUrlClientError NonHttpUrlRedirectClientError",
        "InvalidURL InvalidUrlClientError",
        "ClientConnectorError ClientConnectorDNSError ClientConnectorSSLError"
        " ClientProxyConnectionError",
        "ClientOSError ClientConnectionResetError",
    ),
}
ALIKE = {
    package: frozenset(frozenset(f"{package}.{one}" for one in each.split()) for each in of)
    for package, of in _ALIKE.items()
}
"""By library: the classes of which an error may be any."""
