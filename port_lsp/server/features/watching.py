"""What happens around the documents: files on disk, folders of the workspace, progress bars."""

from lsprotocol import types

from port_lsp.server.session import Session
from port_lsp.server.uris import to_path


def ready(session: Session, params: types.InitializedParams) -> None:
    """initialized."""
    session.start()


def files_changed(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """workspace/didChangeWatchedFiles."""
    paths = (to_path(change.uri) for change in params.changes)
    session.changed_on_disk(path for path in paths if path is not None)


def folders_changed(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """workspace/didChangeWorkspaceFolders."""
    added = (to_path(folder.uri) for folder in params.event.added)
    removed = {to_path(folder.uri) for folder in params.event.removed}
    session.add_folders(
        [path for path in added if path is not None],
        {path for path in removed if path is not None},
    )


def progress_cancelled(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """window/workDoneProgress/cancel."""
    session.cancel(params.token)
