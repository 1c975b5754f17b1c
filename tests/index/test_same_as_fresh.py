"""Invariant 4: after any sequence of edits the index is that of one built from scratch."""

import random
import re
import shutil
from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.report.export import export_json
from port_lsp.report.settings import settings_json
from port_lsp.text import Text
from tests.fixturefile import parse

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
BACKENDS = sorted((TESTS / "fixtures" / "fastapi").glob("*.txt"))
CRATES = sorted(
    [*(TESTS / "fixtures").glob("axum/*.txt"), *(TESTS / "fixtures").glob("actix/*.txt")]
)

SNIPPETS = [
    b"\n\n",
    b"# port: ignore[unported-endpoint] later\n",
    b'@router.get("/new")\ndef new_endpoint():\n    return 1\n\n\n',
    b"class NewModel(BaseModel):\n    name: str\n\n\n",
    b"from app import other\n",
    b'prefix="/other", ',
    b"async fn new_handler() {}\n",
    b"#[derive(Deserialize)]\npub struct NewModel {\n    pub name: String,\n}\n",
    b'.route("/new", get(new_handler))',
    b"mod other;\n",
    "# 𝔘𝔫𝔦 é\n".encode(),
    b'{"a": [',
    b'"""',
    b"}",
    b"\r\n",
    b"\x0c",
    b"",
]


class Session:
    """A project on disk with open buffers, edited at random."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)  # noqa: S311 (a repeatable sequence is what is wanted)
        self.wanted = Wanted(str(root), str(root / "backend"), str(root / "crate"))
        self.buffers: dict[str, Text] = {}
        self.index = Index.open(self.wanted)
        self.log: list[str] = []

    def files(self) -> list[Path]:
        found = [*self.root.rglob("*.py"), *self.root.rglob("*.rs"), *self.root.rglob("*.toml")]
        return sorted(path for path in found if "target" not in path.parts)

    def step(self) -> None:
        files = self.files()
        if not files:
            return
        path = self.random.choice(files)
        kinds = {
            "edit": 5,
            "glance": 4,
            "close": 2,
            "disk": 2,
            "delete": 1,
            "create": 1,
            "sweep": 1,
        }
        kind = self.random.choices(list(kinds), list(kinds.values()))[0]
        self.log.append(f"{kind} {path.relative_to(self.root)}")
        getattr(self, f"_{kind}")(path)

    def _edit(self, path: Path) -> None:
        buffer = self.buffers.get(str(path))
        data = buffer.data if buffer else path.read_bytes()
        text = self.buffers[str(path)] = Text(self._mutated(data))
        self.index.update(str(path), text)

    def _glance(self, path: Path) -> None:
        """As the server does: broken text is only glanced at."""
        buffer = self.buffers.get(str(path))
        data = buffer.data if buffer else path.read_bytes()
        text = self.buffers[str(path)] = Text(self._mutated(data))
        if path.suffix == ".toml" or self.index.glance(str(path), text) is None:
            self.index.update(str(path), text)

    def _close(self, path: Path) -> None:
        if self.buffers:
            name = self.random.choice(sorted(self.buffers))
            del self.buffers[name]
            self.index.update(name, None)

    def _disk(self, path: Path) -> None:
        path.write_bytes(self._mutated(path.read_bytes()))
        self.index.changed([str(path)])

    def _delete(self, path: Path) -> None:
        if path.suffix != ".toml":
            path.unlink()
            self.index.changed([str(path)])

    def _create(self, path: Path) -> None:
        new = path.with_name(f"new_{self.random.randrange(9)}{path.suffix}")
        if path.suffix != ".toml" and path != new:
            shutil.copy(path, new)
            self.index.changed([str(new)])

    def _sweep(self, path: Path) -> None:
        path.write_bytes(self._mutated(path.read_bytes()))
        self.index.sweep()

    def module(self) -> None:
        """A module comes or goes: its file, its `mod`, or both; what is in it is another file's."""
        self.log.append("module")
        sources = [one for one in self.files() if one.suffix == ".rs"]
        if not sources:
            return
        parent, other = self.random.choice(sources), self.random.choice(sources)
        name = self.random.choice(["extra", "more", other.stem])
        beside = parent.stem in ("main", "lib", "mod")
        folder = parent.parent if beside else parent.with_suffix("")
        new = folder / f"{name}.rs"
        text, line = parent.read_bytes(), b"mod %s;\n" % name.encode()
        if self.random.random() < 0.7:
            parent.write_bytes(text.replace(line, b"", 1) if line in text else line + text)
        if self.random.random() < 0.7 and new != parent:
            if new.exists():
                new.unlink()
            else:
                folder.mkdir(exist_ok=True)
                shutil.copy(other, new)
        self.index.changed([str(parent), str(new)])

    def _mutated(self, data: bytes) -> bytes:
        """A line deleted, copied or moved, or something put in, or a word changed."""
        lines = data.split(b"\n")
        at = self.random.randrange(len(lines))
        match self.random.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[self.random.randrange(len(lines))])
            case 2:
                lines[at] = re.sub(rb"\w+", b"renamed", lines[at], count=1)
            case _:
                lines.insert(at, self.random.choice(SNIPPETS))
        return b"\n".join(lines)

    def compare(self) -> None:
        self.index.changed([])  # reads what was only glanced at
        fresh = Index.open(self.wanted, buffers=self.buffers)
        said = "\n".join(self.log)
        ours, theirs = self.index.snapshot, fresh.snapshot
        assert settings_json(ours).decode() == settings_json(theirs).decode(), said
        assert (ours.backend is None) == (theirs.backend is None), said
        if ours.backend is not None:
            assert export_json(ours).decode() == export_json(theirs).decode(), said


@pytest.mark.parametrize(("seed", "kept"), [(0, None), (1, None), (2, None), (0, 0), (1, 0)])
def test_the_example_edited_at_random(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, kept: int | None
) -> None:
    """`kept`: how much is kept of texts that are gone, where that is other than usual."""
    if kept is not None:
        monkeypatch.setattr("port_lsp.python.reader._MOST_GONE", kept - 10**6)
        monkeypatch.setattr("port_lsp.rust.reader._MOST_KEPT", kept - 10**6)
    ignore = shutil.ignore_patterns("target", "__pycache__", "*.db", ".venv")
    shutil.copytree(EXAMPLES, tmp_path / "pair", ignore=ignore)
    session = Session(tmp_path / "pair", seed)
    for _ in range(5):
        for _ in range(4):
            session.step()
        session.compare()


@pytest.mark.parametrize("number", range(len(BACKENDS)), ids=[path.stem for path in BACKENDS])
def test_fixtures_edited_at_random(tmp_path: Path, number: int) -> None:
    crate = CRATES[number % len(CRATES)]
    parse(BACKENDS[number].read_text("utf-8")).write_to(tmp_path / "backend")
    parse(crate.read_text("utf-8")).write_to(tmp_path / "crate")
    session = Session(tmp_path, number)
    for _ in range(4):
        session.step()
        session.step()
        session.compare()


@pytest.mark.parametrize("number", range(len(CRATES)), ids=[path.stem for path in CRATES])
def test_modules_that_come_and_go(tmp_path: Path, number: int) -> None:
    parse(BACKENDS[number % len(BACKENDS)].read_text("utf-8")).write_to(tmp_path / "backend")
    parse(CRATES[number].read_text("utf-8")).write_to(tmp_path / "crate")
    session = Session(tmp_path, number)
    for _ in range(4):
        for _ in range(2):
            session.module()
        session.compare()
