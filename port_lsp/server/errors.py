"""Errors that a request is answered with."""

from lsprotocol import types
from pygls.exceptions import JsonRpcException


def content_modified() -> JsonRpcException:
    """The document isn't what the request was made for; clients stay silent about it."""
    return JsonRpcException(
        "the document was edited meanwhile", types.LSPErrorCodes.ContentModified
    )


def failed(reason: str) -> JsonRpcException:
    """The request is sound and can't be done; the reason is shown to the user."""
    return JsonRpcException(reason, types.LSPErrorCodes.RequestFailed)


def cancelled() -> JsonRpcException:
    """The client doesn't want the answer any more."""
    return JsonRpcException("cancelled", types.LSPErrorCodes.RequestCancelled)


def not_initialized() -> JsonRpcException:
    """Nothing but `initialize` is answered first."""
    return JsonRpcException("send initialize first", types.ErrorCodes.ServerNotInitialized)


def invalid_request(reason: str) -> JsonRpcException:
    """The message isn't a request that can be answered now."""
    return JsonRpcException(reason, types.ErrorCodes.InvalidRequest)


def invalid_params(reason: str) -> JsonRpcException:
    """The parameters aren't the method's."""
    return JsonRpcException(reason, types.ErrorCodes.InvalidParams)


def unknown(method: str) -> JsonRpcException:
    """There is no such request."""
    return JsonRpcException(f"{method} isn't known", types.ErrorCodes.MethodNotFound)


def parse_error(reason: str) -> JsonRpcException:
    """The body is no JSON."""
    return JsonRpcException(reason, types.ErrorCodes.ParseError)


def internal(method: str) -> JsonRpcException:
    """Our mistake. The log has the details; the user sees no traceback."""
    message = f"port-lsp failed to answer {method}; its log says more"
    return JsonRpcException(message, types.ErrorCodes.InternalError)
