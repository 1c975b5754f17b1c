"""The session: the only thing that changes, and only on the event loop.

Edits are brought into the index at once, on the loop, which takes milliseconds; whatever takes
longer goes on beside it, one thing at a time. Meanwhile requests are answered from the snapshot
that there is, and edits wait.
"""

import logging
import math
import os
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Literal

from lsprotocol import types

from port_lsp.facts.links import SideName
from port_lsp.index.index import Cancelled, Index
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desk, Desks, NothingToWriteIntoError
from port_lsp.patterns.port import Ported, Target
from port_lsp.server import memory
from port_lsp.server.capabilities import Client
from port_lsp.server.context import Context
from port_lsp.server.documents import Document, Documents, edited, text_of
from port_lsp.server.errors import content_modified
from port_lsp.server.garbage import Garbage
from port_lsp.server.outbox import Loop, Outbox, Timer
from port_lsp.server.places import Places
from port_lsp.server.progress import Progress, Work
from port_lsp.server.publish import Publisher
from port_lsp.server.registrations import Registrations
from port_lsp.server.signals import Signals
from port_lsp.server.todo import Todo
from port_lsp.server.uris import to_path
from port_lsp.server.view import View, below, located
from port_lsp.server.writer import Writer

log = logging.getLogger(__name__)

_SETTLE = 1.0  # seconds without an edit, after which broken text is read
_RETRY = 5.0  # seconds after a failure before another edit begins anew


class Session:
    """One client and what it works on."""

    def __init__(
        self,
        client: Client,
        places: Places,
        outbox: Outbox,
        loop: Loop,
    ) -> None:
        """`places` says where to look for the two sides."""
        self.client = client
        self.documents = Documents()
        self.publisher = Publisher(client, outbox)
        self.signals = Signals(client, outbox, loop)
        self.registrations = Registrations(client, outbox, places.folders)
        self._places, self._outbox, self._loop = places, outbox, loop
        self._index: Index | None = None
        self._view = View(Snapshot(0))
        self._good: Snapshot | None = None
        self._todo = Todo(fresh=True)
        self._work: Work | None = None
        self._progress: Progress | None = None
        self._edited: set[str] = set()
        self._closing = False
        self._settling: Timer | None = None
        self._garbage = Garbage()
        self._desks = Desks()
        self._writer = Writer(loop, self._desk, self._unsaved)
        self._waiting: list[Callable[[], object]] = []  # for an index
        self._resting: list[Callable[[], object]] = []  # for nothing to be read
        self._retry_at = 0.0

    def context(self) -> Context:
        """What a request is answered from: everything that was sent before it is in there."""
        self.flush()
        return Context(self._view, self.client, self.documents)

    def when_ready(self, call: Callable[[], object]) -> None:
        """Calls when there is an index, or none to be waited for; at once where that is so."""
        self.flush()
        if self._index is None and self._work is not None:
            self._waiting.append(call)
        else:
            call()

    def when_idle(self, call: Callable[[], object]) -> None:
        """Calls when nothing is being read; at once where that is so."""
        self.flush()
        if self._work is not None:
            self._resting.append(call)
        else:
            call()

    def port(self, targets: tuple[Target, ...]) -> Ported:
        """Ports items of the backend, without writing anything. Errors: RequestFailed with the
        reason where there is nothing to write into, ContentModified while indexing."""
        self.flush()
        if self._index is None or self._work is not None:
            raise content_modified()
        return self._writer.port(targets)

    def places(self, target: Target) -> tuple[str, ...]:
        """The places of the crate that fit an item equally well (`Porter.places`); none while
        indexing, or where there is nothing to write into."""
        if self._index is None or self._work is not None:
            return ()
        return self._writer.places(target)

    def _desk(self) -> Desk:
        """What porting works with. Raises NothingToWriteIntoError."""
        if self._index is None:
            raise NothingToWriteIntoError("nothing is indexed yet")
        return self._desks.at(self._index)

    def _unsaved(self, path: str) -> str | None:
        """The text of a document (absolute path) that is open."""
        document = self.documents.by_path.get(path)
        return document.text.data.decode("utf-8", "replace") if document is not None else None

    def apply(self, params: types.ApplyWorkspaceEditParams) -> None:
        """Has the client apply an edit."""
        self._outbox.request(types.WORKSPACE_APPLY_EDIT, params)

    def show(self, params: types.ShowDocumentParams) -> None:
        """Has the client show a document."""
        self._outbox.request(types.WINDOW_SHOW_DOCUMENT, params)

    # Documents

    def open(self, uri: str, version: int, content: str) -> None:
        """A document was opened."""
        self._put(Document(uri, self._path(uri), version, text_of(content)))

    def change(
        self, uri: str, version: int, changes: tuple[types.TextDocumentContentChangeEvent, ...]
    ) -> None:
        """A document was edited."""
        document = self.documents.get(uri)
        if document is None:
            log.warning("an edit of a document that isn't open: %s", uri)
            return
        text = edited(document.text, changes, self.client.encoding)
        self._put(replace(document, version=version, text=text))

    def close(self, uri: str) -> None:
        """A document was closed: the disk counts again."""
        document = self.documents.drop(uri)
        self.publisher.closed(uri)
        self.signals.closed(uri)
        if document is not None and document.path is not None:
            self._tell(document.path, None)

    def saved(self) -> None:
        """A document was saved: without file watching that is when to look at the disk."""
        if not self.client.watch_files:
            self.sweep()

    def _put(self, document: Document) -> None:
        self.documents.put(document)
        if document.path is not None:
            self._tell(document.path, document)

    def _tell(self, path: str, document: Document | None) -> None:
        self._todo.buffers[path] = document.text if document is not None else None
        self._edited.add(path)

    def _path(self, uri: str) -> str | None:
        """The path under which the index knows a document, whatever links lead to it."""
        path = to_path(uri)
        snapshot = self._view.snapshot
        sides: tuple[SideName, ...] = ("backend", "crate")
        roots = [root for side in sides if (root := snapshot.root(side)) is not None]
        if path is None or any(below(path, root) is not None for root in roots):
            return path
        real = os.path.realpath(path)
        for root in roots:
            if (rest := below(real, os.path.realpath(root))) is not None:
                return os.path.join(root, rest)
        return path

    # The index

    def start(self) -> None:
        """The client is ready: begins to watch and to index."""
        self.registrations.start()
        self.flush()

    def reindex(self) -> None:
        """Begins again from nothing; open documents stay."""
        if self._work is not None:
            self._work.cancel()
        self._todo.fresh = True
        self._retry_at = 0.0
        self.flush()

    def add_folders(self, added: Iterable[str], removed: Collection[str]) -> None:
        """The workspace's folders (absolute paths) are others: looks there for the two sides."""
        kept = (folder for folder in self._places.folders if folder not in removed)
        self._places = self._places.with_folders(tuple(dict.fromkeys((*kept, *added))))
        self.reindex()

    def sweep(self) -> None:
        """Looks at all files on disk again."""
        self._todo.sweep = True
        self.flush()

    def changed_on_disk(self, paths: Iterable[str]) -> None:
        """These files (absolute paths) were edited, made or deleted."""
        self._todo.changed.update(paths)
        self.flush()

    def cancel(self, token: object) -> None:
        """The user cancelled the work whose progress has this token."""
        if self._work is not None and self._progress is not None and token == self._progress.token:
            self._work.cancel()

    def close_down(self) -> None:
        """Nothing is wanted any more."""
        self._closing = True
        self._writer.end()
        if self._work is not None:
            self._work.cancel()

    def flush(self) -> None:
        """Brings edits into the index, or begins what takes longer."""
        if self._work is not None or self._closing or self._todo.is_empty():
            return
        if self._index is None and not self._todo.fresh:
            if time.monotonic() < self._retry_at:
                return  # without an index: cancelled, or it failed a moment ago
            self._todo.fresh = True
        if self._index is None or self._todo.is_heavy():
            self._begin()
        else:
            self._update(self._index)

    def _update(self, index: Index) -> None:
        todo, self._todo = self._todo, Todo()
        try:
            glance = todo.glance(index)
            if glance is not None:
                self._glance(glance)
            else:
                self._take(todo.apply(index))
        except Exception:  # the state may be half an edit's: everything is read again
            log.exception("an edit couldn't be read; beginning again")
            self._todo.fresh = True
            self._begin()

    def _glance(self, snapshot: Snapshot) -> None:
        """Text that doesn't parse: what is known of it is shown where it is now. What else it
        says is asked when nobody types."""
        before, broken = self._view.snapshot, self._broken(snapshot)
        self._show(View.of(memory.glanced(before, snapshot, self._good, broken), self._view))
        self._settling = self._loop.later(_SETTLE, self._settle)

    def _settle(self) -> None:
        """Nobody types: broken text is asked for what it says, too."""
        self._settling = None
        if self._work is None and self._index is not None and not self._closing:
            self._todo.again = True
            self.flush()

    def _take(self, snapshot: Snapshot, *, everything: bool = False) -> None:
        """A new snapshot: shows it. `everything`: more than what was edited may be another."""
        broken = self._broken(snapshot)
        view = View.of(memory.shown(snapshot, self._good, broken), self._view)
        if not broken:
            self._good = snapshot
        self._show(view, everything=everything)

    def _broken(self, snapshot: Snapshot) -> memory.Files:
        """The open documents in which something doesn't parse."""
        found = (located(snapshot, path) for path in self.documents.by_path)
        return memory.broken_files(snapshot, frozenset(one for one in found if one is not None))

    def _show(self, view: View, *, everything: bool = False) -> None:
        if self._settling is not None:
            self._settling.cancel()
            self._settling = None
        before, snapshot = self._view.snapshot, view.snapshot
        self._view = view
        edited, self._edited = self._edited, set()
        if _roots(before) != _roots(snapshot):
            self._rename_documents()
        context = Context(self._view, self.client, self.documents)
        self.registrations.update(context)
        self.publisher.publish(context, edited)
        self.signals.changed(context, at_once=everything, then=self._rest)
        self._garbage.edited()
        self._writer.edited()

    def _rest(self, context: Context) -> None:
        """Nobody types: what isn't part of every answer to an edit."""
        self.publisher.refresh(context)
        self._garbage.rest()

    def _rename_documents(self) -> None:
        """The roots are others: documents that links lead to may have other paths now."""
        for document in self.documents.all():
            path = self._path(document.uri)
            if path != document.path:
                self.documents.drop(document.uri)
                if document.path is not None:
                    self._todo.buffers[document.path] = None
                self._put(replace(document, path=path))

    def _begin(self) -> None:
        self._writer.end()
        todo, self._todo = self._todo, Todo()
        if todo.fresh or self._index is None:
            todo.buffers = {path: doc.text for path, doc in self.documents.by_path.items()}
        title = todo.title()
        work = self._work = Work(title or "")
        if title is not None:
            self.signals.busy(title)
            if self.client.progress:
                self._progress = Progress(work, self._outbox, self._loop)
                self._progress.start()
        index, places = self._index, self._places

        def run() -> None:
            try:
                done = todo.run(index, places, work)
            except Cancelled:
                self._loop.post(lambda: self._stopped("cancelled"))
            except Exception:  # on a thread of its own: nobody else would hear of it
                log.exception("the index failed")
                self._loop.post(lambda: self._stopped("failed"))
            else:
                self._loop.post(lambda: self._finished(*done))

        self._loop.beside(run)

    def _over(self, message: str) -> None:
        self._work = None
        if self._progress is not None:
            self._progress.end(message)
            self._progress = None

    def _serve_waiting(self) -> None:
        """Whoever waits for an index has waited enough, unless the next one is begun already."""
        if self._index is None and self._work is not None:
            return
        waiting, self._waiting = self._waiting, []
        if self._work is None:
            waiting, self._resting = [*waiting, *self._resting], []
        for call in waiting:
            call()

    def _finished(self, index: Index, snapshot: Snapshot) -> None:
        is_new = index is not self._index
        self._index = index
        self._over("done")
        if is_new:
            self._good = None
        self._take(snapshot, everything=True)
        if is_new:
            self._writer.begin()
        self.flush()
        self._serve_waiting()

    def _stopped(self, why: Literal["cancelled", "failed"]) -> None:
        """The work didn't come to its end: what the index was told is half done."""
        self._over(why)
        self._index = None
        if why == "failed":
            self._retry_at = time.monotonic() + _RETRY
            self.signals.failed()
        elif not self._todo.fresh:  # it was the user who cancelled
            self._retry_at = math.inf
            self.signals.cancelled()
        self.flush()
        self._serve_waiting()


def _roots(snapshot: Snapshot) -> tuple[str | None, str | None]:
    return snapshot.root("backend"), snapshot.root("crate")
