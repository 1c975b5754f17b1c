"""Draws docs/report.svg: the report on examples/ as a terminal shows it.

python docs/picture.py
"""

import io
import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.report.text import draw

ROOT = Path(__file__).parent.parent
WIDTH = 128
LINES = 44
# A picture in a README loads nothing from elsewhere.
_FONTS = re.compile(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", re.S)


def main() -> None:
    """Writes the picture beside this file."""
    snapshot = Index.open(Wanted(root=str(ROOT / "examples"))).snapshot
    text = io.StringIO()
    draw(snapshot, Console(file=text, width=WIDTH, force_terminal=True, highlight=False))
    # The paths of this machine are nobody's business.
    lines = text.getvalue().replace(f"{ROOT}/", "").splitlines()[:LINES]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    console.print(Text.from_ansi("\n".join(lines)))
    svg = console.export_svg(title="port-lsp report", theme=MONOKAI)
    svg = _FONTS.sub("", svg).replace("Fira Code", "monospace")
    (ROOT / "docs" / "report.svg").write_text(svg)


if __name__ == "__main__":
    main()
