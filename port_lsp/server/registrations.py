"""What is registered while the server runs: file watching, and the jump as `implementation`."""

import os

from lsprotocol import types

from port_lsp.facts.links import SideName
from port_lsp.server.capabilities import Client
from port_lsp.server.catalog import OTHER
from port_lsp.server.context import Context
from port_lsp.server.messages import NAME
from port_lsp.server.outbox import Outbox
from port_lsp.server.uris import to_uri
from port_lsp.server.view import below

WATCHED = ("**/*.py", "**/*.rs", "**/Cargo.toml", "**/port-lsp.toml", "**/pyproject.toml")

_JUMP = f"{NAME}/implementation"


class Registrations:
    """Knows what is registered."""

    def __init__(self, client: Client, outbox: Outbox, folders: tuple[str, ...] = ()) -> None:
        """`folders` are the workspace's (absolute paths): there watching needs no root."""
        self._client, self._outbox, self._folders = client, outbox, folders
        self._watched: set[str] = set()
        self._jump = False

    def start(self) -> None:
        """The client is ready: watches the workspace."""
        if self._client.watch_files:
            self._register(
                f"{NAME}/watch",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(
                    watchers=[types.FileSystemWatcher(glob_pattern=glob) for glob in WATCHED]
                ),
            )

    def update(self, context: Context) -> None:
        """A new snapshot: watches roots outside the workspace; the jump as it is configured."""
        for side in OTHER:
            self._watch(side, context.view.snapshot.root(side))
        self._watch_results(context.view.snapshot.config.parity.results)
        wanted = context.view.snapshot.config.jump_standard
        if wanted != self._jump and self._client.register_implementation:
            self._jump = wanted
            if wanted:
                options = types.ImplementationRegistrationOptions(
                    document_selector=[
                        types.TextDocumentFilterLanguage(language=language, scheme="file")
                        for language in ("python", "rust")
                    ]
                )
                self._register(_JUMP, types.TEXT_DOCUMENT_IMPLEMENTATION, options)
            else:
                self._unregister(_JUMP, types.TEXT_DOCUMENT_IMPLEMENTATION)

    def _watch_results(self, path: str | None) -> None:
        """What `port-lsp parity --record` writes, wherever that is: lenses say what it says."""
        if path is None or path in self._watched or not self._client.watch_files:
            return
        self._watched.add(path)
        folder, name = os.path.split(path)
        pattern: str | types.RelativePattern = path.replace(os.sep, "/")
        if self._client.watch_relative:
            pattern = types.RelativePattern(base_uri=to_uri(folder), pattern=name)
        self._register(
            f"{NAME}/watch/{len(self._watched)}",
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            types.DidChangeWatchedFilesRegistrationOptions(
                watchers=[types.FileSystemWatcher(pattern)]
            ),
        )

    def _watch(self, side: SideName, root: str | None) -> None:
        if root is None or root in self._watched or not self._client.watch_relative:
            return
        if any(root == folder or below(root, folder) is not None for folder in self._folders):
            return
        self._watched.add(root)
        watchers = [
            types.FileSystemWatcher(types.RelativePattern(base_uri=to_uri(root), pattern=glob))
            for glob in WATCHED
        ]
        self._register(
            f"{NAME}/watch/{len(self._watched)}",
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
        )

    def _register(self, ident: str, method: str, options: object) -> None:
        one = types.Registration(id=ident, method=method, register_options=options)
        params = types.RegistrationParams(registrations=[one])
        self._outbox.request(types.CLIENT_REGISTER_CAPABILITY, params)

    def _unregister(self, ident: str, method: str) -> None:
        one = types.Unregistration(id=ident, method=method)
        params = types.UnregistrationParams(unregisterations=[one])
        self._outbox.request(types.CLIENT_UNREGISTER_CAPABILITY, params)
