"""Which method is answered by what: one line each."""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any, TypeVar

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from port_lsp.server.context import Context
from port_lsp.server.errors import internal, invalid_params
from port_lsp.server.features import (
    actions,
    commands,
    counterpart,
    diagnostics,
    hover,
    implementation,
    lens,
    plan,
    preview,
    sync,
    watching,
)
from port_lsp.server.messages import CounterpartParams, CustomMethod, PreviewParams
from port_lsp.server.session import Session
from port_lsp.server.waiting import idle

log = logging.getLogger(__name__)

Handler = Callable[[Session, Any], Any]

_Record = TypeVar("_Record")


def _from(answer: Callable[[Context, Any], Any]) -> Handler:
    """A handler that needs the snapshot alone."""
    return lambda session, params: answer(session.context(), params)


def _with(record: type[_Record], answer: Callable[[Context, _Record], Any]) -> Handler:
    """The same for a method of our own, whose parameters come as JSON."""
    return _converted(record, lambda session, given: answer(session.context(), given))


def _converted(record: type[_Record], answer: Callable[[Session, _Record], Any]) -> Handler:
    """A handler of a method of our own, whose parameters come as JSON."""

    def handle(session: Session, params: Any) -> Any:
        try:
            given = msgspec.convert(params, record)
        except msgspec.ValidationError as error:
            raise invalid_params(str(error)) from error
        return answer(session, given)

    return handle


HANDLERS: dict[str, Handler] = {
    types.INITIALIZED: watching.ready,
    types.TEXT_DOCUMENT_DID_OPEN: sync.opened,
    types.TEXT_DOCUMENT_DID_CHANGE: sync.changed,
    types.TEXT_DOCUMENT_DID_CLOSE: sync.closed,
    types.TEXT_DOCUMENT_DID_SAVE: sync.saved,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: watching.files_changed,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: watching.folders_changed,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: watching.progress_cancelled,
    types.TEXT_DOCUMENT_DIAGNOSTIC: diagnostics.document,
    types.WORKSPACE_DIAGNOSTIC: diagnostics.workspace,
    types.TEXT_DOCUMENT_CODE_LENS: lens.handle,
    types.TEXT_DOCUMENT_HOVER: _from(hover.handle),
    types.TEXT_DOCUMENT_IMPLEMENTATION: _from(implementation.handle),
    types.TEXT_DOCUMENT_CODE_ACTION: actions.handle,
    types.CODE_ACTION_RESOLVE: idle(actions.resolve),
    types.WORKSPACE_EXECUTE_COMMAND: commands.handle,
    CustomMethod.COUNTERPART.value: _with(CounterpartParams, counterpart.handle),
    CustomMethod.PLAN.value: _from(plan.handle),
    CustomMethod.PREVIEW.value: idle(_converted(PreviewParams, preview.handle)),
}


def guarded(method: str, handler: Handler, session: Session) -> Callable[[Any], Any]:
    """A handler whose mistakes go to the log and become an error without a traceback."""

    @contextmanager
    def reporting() -> Generator[None, None, None]:
        try:
            yield
        except JsonRpcException:
            raise
        except Exception:  # a handler's mistake never ends the server
            log.exception("%s failed", method)
            raise internal(method) from None

    def handle(params: Any) -> Any:
        with reporting():
            return handler(session, params)

    async def wait(params: Any) -> Any:
        with reporting():
            return await handler(session, params)

    return wait if iscoroutinefunction(handler) else handle
