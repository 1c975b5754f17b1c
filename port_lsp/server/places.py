"""Where to look for the two sides: the client's folders and what was given."""

import os
from dataclasses import dataclass, replace

from port_lsp.index.roots import Wanted, settle
from port_lsp.server.raw import inside, items
from port_lsp.server.uris import to_path


@dataclass(frozen=True, slots=True)
class Places:
    """The workspace's folders and the roots that were given, all absolute paths."""

    folders: tuple[str, ...]
    backend: str | None = None
    crate: str | None = None

    def wanted(self) -> Wanted:
        """What to ask of the index. With several folders this looks into them: not quick.

        The first folder that leads to both sides counts; where none does, the first that leads to
        a backend and the first that leads to a crate.
        """
        wanted = [Wanted(folder, self.backend, self.crate) for folder in self.folders]
        if len(wanted) == 1:
            return wanted[0]
        backend: str | None = None
        crate: str | None = None
        for one in wanted:
            found = settle(one)
            if found.backend is not None and found.crate is not None:
                return one
            backend = backend or (found.backend.path if found.backend is not None else None)
            crate = crate or (found.crate.path if found.crate is not None else None)
        return Wanted(backend or crate or self.folders[0], backend, crate)

    def with_folders(self, folders: tuple[str, ...]) -> "Places":
        """The same with other folders; without any it stays as it is."""
        return replace(self, folders=folders) if folders else self


def places_of(params: object, backend: str | None, crate: str | None) -> Places:
    """The places that InitializeParams (JSON) name; without any, the current folder.

    `backend` and `crate` are the command line's; the client may give them as
    `initializationOptions`, too.
    """
    options = inside(params, "initializationOptions")
    listed = [inside(folder, "uri") for folder in items(inside(params, "workspaceFolders"))]
    paths = [_folder(uri) for uri in listed or [inside(params, "rootUri")]]
    root = inside(params, "rootPath")
    if not any(paths) and isinstance(root, str) and os.path.isabs(root):
        paths = [os.path.normpath(root)]
    folders = tuple(dict.fromkeys(path for path in paths if path is not None))
    base = folders[0] if folders else os.getcwd()
    return Places(
        folders or (base,),
        backend or _given(inside(options, "backend"), base),
        crate or _given(inside(options, "crate"), base),
    )


def _folder(uri: object) -> str | None:
    return to_path(uri) if isinstance(uri, str) else None


def _given(value: object, base: str) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return os.path.normpath(os.path.join(base, os.path.expanduser(value)))
