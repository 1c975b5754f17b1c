"""Open buffers lie over the disk: their text wins until they are closed."""

from port_lsp.text import Text


class Overlay:
    """Texts of open documents by absolute path."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}

    def put(self, path: str, text: Text) -> None:
        """A document was opened or edited."""
        self._texts[path] = text

    def drop(self, path: str) -> bool:
        """A document was closed; whether it was open."""
        return self._texts.pop(path, None) is not None

    def get(self, path: str) -> Text | None:
        """The text of an open document."""
        return self._texts.get(path)

    def paths(self) -> tuple[str, ...]:
        """The documents that are open."""
        return tuple(self._texts)
