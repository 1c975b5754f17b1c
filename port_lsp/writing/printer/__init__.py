"""The one printer of Rust: items as rustfmt would lay them out.

`print_items(items, names)` gives text that `rustfmt` with its default configuration (edition 2021,
style edition 2015) leaves as it is. `names` says how a symbol is written where the text will stand.
"""

from port_lsp.writing.printer.items import print_items
from port_lsp.writing.printer.names import Names, identifier, qualified

__all__ = ["Names", "identifier", "print_items", "qualified"]
