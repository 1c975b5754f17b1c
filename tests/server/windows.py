"""A server that takes its URIs as on Windows: `C:\\src` there is a folder of this machine.

    python -m tests.server.windows FOLDER

Everything between a URI and a Windows path is the product's own; only the disk is another.
"""

from __future__ import annotations

import sys

from port_lsp.server import uris

DRIVE = "C:\\src"
_to_path, _to_uri = uris.to_path, uris.to_uri


def main() -> None:
    """Puts the folder in the drive's place, and serves."""
    folder = sys.argv.pop(1)

    def to_path(uri: str, *, windows: bool = True) -> str | None:
        path = _to_path(uri, windows=windows)
        if path is None or not path.startswith(DRIVE):
            return None
        return folder + path[len(DRIVE) :].replace("\\", "/")

    def to_uri(path: str, *, windows: bool = True) -> str:
        return _to_uri(DRIVE + path[len(folder) :].replace("/", "\\"), windows=windows)

    uris.to_path, uris.to_uri = to_path, to_uri
    from port_lsp.cli import run

    sys.exit(run(["serve"]))


if __name__ == "__main__":
    main()
