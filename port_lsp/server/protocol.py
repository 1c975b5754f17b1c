"""pygls' protocol with what it lacks: the life of a server by the book, and hostile messages.

What is different, and why:
* A request whose parameters don't fit is answered (InvalidParams); pygls drops it, and the client
  waits for ever.
* Before `initialize` and after `shutdown` requests are answered with an error.
* A request that was cancelled while it waited in the queue isn't run.
* `exit` ends the loop with the exit code that LSP asks for; pygls swallows it.
* Parameters of our own methods stay JSON; pygls makes namedtuples of them.
* Documents are ours: pygls' workspace isn't used.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, cast

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)

from port_lsp.server import errors
from port_lsp.server.raw import Table, clamped, inside, table
from port_lsp.server.wire import CANCEL, Malformed

log = logging.getLogger(__name__)

Initialize = Callable[["Protocol", Table], types.InitializeResult]


class Protocol(LanguageServerProtocol):
    """One connection. `exit_code` is None as long as it goes on."""

    def __init__(self, server: LanguageServer, converter: Any) -> None:
        super().__init__(server, converter)
        self.exit_code: int | None = None
        self.initialize: Initialize | None = None
        self._is_initialized = False
        self._answered: set[str] = {types.SET_TRACE}

    # What comes in

    def receive(self, message: object, was_cancelled: Callable[[object], bool]) -> None:
        """Handles one message. Raises nothing."""
        ident, method = inside(message, "id"), inside(message, "method")
        is_request = isinstance(method, str) and ident is not None
        try:
            if isinstance(message, Malformed):
                raise errors.parse_error(message.reason)
            self._receive(table(message), method, ident, was_cancelled)
        except JsonRpcException as error:
            if is_request or not isinstance(method, str):
                self._refuse(ident, error)
            else:
                log.warning("%s: %s", method, error)
        except Exception:  # whatever was sent, the next message is read
            log.exception("a message couldn't be handled")
            if is_request:
                self._refuse(ident, errors.internal(str(method)))

    def _receive(
        self, message: Table, method: object, ident: object, was_cancelled: Callable[[object], bool]
    ) -> None:
        if isinstance(method, str):
            is_request = ident is not None
            if is_request and not isinstance(ident, int | str):
                raise errors.invalid_request("an id is a number or a string")
            if was_cancelled(ident):
                raise errors.cancelled()
            if method == CANCEL:
                self._cancel(inside(message, "params", "id"), was_cancelled)
                return
            if not self._is_due(method, is_request):
                return
        elif "result" not in message and "error" not in message:
            raise errors.invalid_request("neither a request nor an answer")
        structured = self.structure_message(message)
        if getattr(structured, "jsonrpc", None) != self.VERSION:
            raise errors.invalid_request("this isn't JSON-RPC 2.0")
        self.handle_message(structured)

    def _is_due(self, method: str, is_request: bool) -> bool:
        """Whether a message may come now. Raises what a request is to be answered with."""
        if method == types.EXIT:
            return True
        is_first = method == types.INITIALIZE
        if not self._shutdown and is_first != self._is_initialized:
            features: Any = self.fm  # pygls leaves its types open
            if is_request and method not in features.builtin_features:
                raise errors.unknown(method)
            return is_request or method in self._answered
        if is_request and (self._shutdown or is_first):
            raise errors.invalid_request(f"too late for {method}")
        if is_request:
            raise errors.not_initialized()
        return False

    def _cancel(self, ident: object, was_cancelled: Callable[[object], bool]) -> None:
        """A cancellation's own turn: what it is about was answered, or runs right now."""
        was_cancelled(ident)
        if isinstance(ident, int | str) and ident in self._request_futures:
            self._handle_cancel_notification(ident)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message as pygls' types; as JSON, where they know no type for its parameters.

        Raises an error to answer with where the parameters don't fit.
        """
        method = data.get("method")
        if not isinstance(method, str):
            return self._structure_answer(data)
        kind = self.get_message_type(method) if method != types.INITIALIZE else None
        if kind is None:
            version, params = str(data.get("jsonrpc")), data.get("params")
            if "id" in data:
                return JsonRPCRequestMessage(data["id"], method, version, params)
            return JsonRPCNotification(method, version, params)
        try:
            # An edit must not be lost: some clients write the end as the largest number there is.
            return self._converter.structure({**data, "params": clamped(data.get("params"))}, kind)
        except Exception as error:  # cattrs raises what the hooks of a type raise
            log.info("parameters of %s: %s", method, error, exc_info=error)
            raise errors.invalid_params(f"these aren't the parameters of {method}") from None

    def _structure_answer(self, data: Table) -> Any:
        """The client's answer to a request of ours; only whether it did it matters."""
        ident, version = data.get("id"), str(data.get("jsonrpc"))
        if not isinstance(ident, int | str):
            raise errors.invalid_request("an id is a number or a string")
        self._result_types.pop(ident, None)
        if "error" not in data:
            return JsonRPCResponseMessage(ident, version, data.get("result"))
        said = str(inside(data, "error", "message"))
        error = types.ResponseError(code=types.ErrorCodes.InternalError, message=said)
        return types.ResponseErrorMessage(id=ident, error=error)

    def answer(self, method: str, handler: Callable[[Any], Any]) -> None:
        """A method is answered by a handler from now on, pygls' own or not."""
        features: Any = self.fm  # pygls leaves its types open
        features.add_builtin_feature(method, handler)
        self._answered.add(method)

    # The life of a server

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: Any) -> types.InitializeResult:  # pyright: ignore[reportIncompatibleMethodOverride] (pygls' is a generator for handlers of its own)
        """initialize: capabilities are ours, the experimental ones too."""
        if self.initialize is None:
            raise errors.internal(types.INITIALIZE)
        result = self.initialize(self, table(params))
        self._is_initialized = True
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] (as above)
        """exit: 0 after shutdown, else 1."""
        self.exit_code = self.code_of_end()

    def code_of_end(self) -> int:
        """The exit code if the connection ended now."""
        return 0 if self._shutdown else 1

    # What goes out

    def _refuse(self, ident: object, error: JsonRpcException) -> None:
        known = ident if isinstance(ident, int | str) else None
        self._send_response(cast(Any, known), error=error.to_response_error())

    def _serialize_message(self, data: Any) -> Any:
        if isinstance(data, msgspec.Struct):
            return msgspec.to_builtins(data)
        return super()._serialize_message(data)

    def request(
        self, method: str, params: Any, then: Callable[[bool], None] | None = None
    ) -> None:  # fmt: skip
        """Sends a request; `then` is told whether the client did it."""

        def answered(future: "Future[Any]") -> None:
            error = None if future.cancelled() else future.exception()
            if error is not None:
                log.info("the client refused %s: %s", method, error)
            if then is not None:
                then(error is None and not future.cancelled())

        self.send_request(method, params).add_done_callback(answered)


class Server(LanguageServer):
    """pygls' server; what goes wrong is logged and never shown in a pop-up."""

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride] (what protocol_cls makes)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Called by pygls after a request was refused, or after it logged what went wrong."""
        log.info("%s", error)
