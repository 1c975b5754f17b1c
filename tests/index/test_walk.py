"""Which files are the project's."""

import os
from pathlib import Path

import pytest

from port_lsp.index.walk import Cancelled, Tree, repository_top
from tests.index.projects import write
from tests.unprivileged import as_nobody, folder_of_nobody


def listed(root: Path, tree: Tree | None = None) -> list[str]:
    tree = tree or Tree(repository_top(root))
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in tree.below(str(root))]


def test_what_is_installed_built_or_hidden_is_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        """\
//- /app/main.py
//- /app/build/__init__.py
//- /app/build/steps.py
//- /app/routers/__init__.py
//- /app/routers/build/api/notes.py
//- /app/plain/dist/routes.py
//- /app/web/build/lib/x.py
//- /app/web/package.json
//- /app/web/dist/x.py
//- /src/target.rs
//- /src/target/inner.rs
//- /Cargo.toml
//- /README.md
//- /.venv/lib/x.py
//- /.hidden/x.py
//- /env/pyvenv.cfg
//- /env/lib/x.py
//- /conda/conda-meta/history
//- /conda/x.py
//- /lib/site-packages/x.py
//- /node_modules/x/x.py
//- /app/__pycache__/x.py
//- /build/lib/x.py
//- /dist/x.py
//- /target/debug/x.rs
""",
    )
    assert listed(tmp_path) == [
        "Cargo.toml",
        "app/main.py",
        "app/build/__init__.py",
        "app/build/steps.py",
        "app/plain/dist/routes.py",
        "app/routers/__init__.py",
        "app/routers/build/api/notes.py",
        "src/target.rs",
        "src/target/inner.rs",
    ]


def test_gitignore_is_honoured_from_the_top_down(tmp_path: Path) -> None:
    write(
        tmp_path,
        """\
//- /.gitignore
generated/
*_pb2.py
!keep_pb2.py
/only_here.py
//- /app/.gitignore
local.py
!generated/
//- /app/main.py
//- /app/local.py
//- /app/only_here.py
//- /app/x_pb2.py
//- /app/keep_pb2.py
//- /app/generated/x.py
//- /generated/x.py
//- /only_here.py
//- /other/local.py
""",
    )
    everything = [
        "app/keep_pb2.py",
        "app/main.py",
        "app/only_here.py",
        "app/generated/x.py",
        "other/local.py",
    ]
    assert listed(tmp_path) == everything
    below = [path.removeprefix("app/") for path in everything if path.startswith("app/")]
    assert listed(tmp_path / "app") == below


def test_a_root_that_is_ignored_is_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "//- /.gitignore\nvendor/\n//- /vendor/app/main.py\n")
    assert listed(tmp_path / "vendor") == ["app/main.py"]
    assert listed(tmp_path / "vendor" / "app") == ["main.py"]


def test_links_are_followed_once_and_never_in_circles(tmp_path: Path) -> None:
    write(
        tmp_path,
        "//- /repo/app/main.py\n//- /repo/shared/util.py\n//- /repo/single.py\n//- /outside/x.py\n",
        repository=False,
    )
    repo = tmp_path / "repo"
    (repo / ".git").mkdir()
    (repo / "app" / "loop").symlink_to(repo / "app", target_is_directory=True)
    (repo / "app" / "up").symlink_to(repo, target_is_directory=True)
    (repo / "app" / "self.py").symlink_to("self.py")
    (repo / "app" / "gone.py").symlink_to("nowhere.py")
    (repo / "app" / "again.py").symlink_to("main.py")
    (repo / "app" / "shared").symlink_to(repo / "shared", target_is_directory=True)
    (repo / "app" / "shared2").symlink_to(repo / "shared", target_is_directory=True)
    (repo / "app" / "one.py").symlink_to(repo / "single.py")
    (repo / "app" / "two.py").symlink_to(repo / "shared" / "util.py")
    (repo / "app" / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (repo / "app" / "slash").symlink_to("/", target_is_directory=True)
    assert listed(repo) == ["single.py", "app/main.py", "shared/util.py"]
    assert listed(repo / "app") == ["main.py", "one.py", "shared/util.py"]


def test_a_folder_that_cannot_be_read_is_noted() -> None:
    with folder_of_nobody() as folder:
        write(folder, "//- /a/x.py\n//- /b/x.py\n")
        (folder / "a").chmod(0)
        tree = Tree(folder)
        with as_nobody(folder):
            assert listed(folder, tree) == ["b/x.py"]
        assert "cannot be read" in tree.notes[str(folder / "a")]
        (folder / "a").chmod(0o755)


def test_a_folder_that_is_not_there_is_noted(tmp_path: Path) -> None:
    tree = Tree(None)
    assert listed(tmp_path / "none", tree) == []
    assert "cannot be read" in tree.notes[str(tmp_path / "none")]


def test_a_new_file_is_judged_as_the_walk_would(tmp_path: Path) -> None:
    write(tmp_path, "//- /.gitignore\n*_pb2.py\n//- /app/main.py\n")
    tree = Tree(tmp_path)
    listed(tmp_path, tree)
    for path, accepted in {
        "app/new.py": True,
        "app/sub/new.py": True,
        "app/new_pb2.py": False,
        "app/new.txt": False,
        "app/.venv/new.py": False,
        "app/node_modules/new.py": False,
        "../new.py": False,
        "new.rs": True,
    }.items():
        assert tree.accepts(str(tmp_path), str(tmp_path.joinpath(*path.split("/")))) is accepted


def test_the_walk_ends_when_nobody_wants_it(tmp_path: Path) -> None:
    write(tmp_path, "//- /app/main.py\n")
    with pytest.raises(Cancelled):
        listed(tmp_path, Tree(None, lambda: True))


def test_the_top_of_a_submodule_is_that_of_the_repository_around_it(tmp_path: Path) -> None:
    write(tmp_path, "//- /backend/.git\ngitdir: ../.git/modules/backend\n")
    assert repository_top(tmp_path / "backend") == tmp_path
    (tmp_path / "backend" / ".git").write_text("gitdir: /elsewhere/.git/worktrees/backend\n")
    assert repository_top(tmp_path / "backend") == tmp_path / "backend"
