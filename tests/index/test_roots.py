"""What is given, configured and found, together."""

from pathlib import Path

import pytest

from port_lsp.index.roots import Settled, Wanted, excluder, settle
from tests.index.projects import PAIR, write

OTHER = '//- /other/Cargo.toml\n[package]\nname = "o"\n[dependencies]\naxum = "0.8"\n'


def settled(root: Path, start: str = ".", **given: str) -> Settled:
    sides = {side: str(root / folder) for side, folder in given.items()}
    return settle(Wanted(str((root / start).resolve()), **sides), ("unported-endpoint",))


def paths(found: Settled, root: Path) -> tuple[str | None, str | None]:
    both = [
        side and str(Path(side.path).relative_to(root)) for side in (found.backend, found.crate)
    ]
    return both[0], both[1]


def test_what_is_given_is_taken_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    found = settled(tmp_path, backend="backend/app", crate="crate/src")
    assert paths(found, tmp_path) == ("backend/app", "crate/src")
    assert found.backend is not None
    assert found.backend.reason == "given by --backend"


def test_a_backend_alone_looks_for_no_crate(tmp_path: Path) -> None:
    write(tmp_path, PAIR + '//- /port-lsp.toml\ncrate = "crate"\n')
    assert paths(settled(tmp_path, backend="backend"), tmp_path) == ("backend", None)


def test_for_a_crate_alone_the_backend_is_found(tmp_path: Path) -> None:
    write(tmp_path, PAIR + OTHER)
    assert paths(settled(tmp_path, crate="other"), tmp_path) == ("backend", "other")


def test_what_is_configured_comes_before_what_is_found(tmp_path: Path) -> None:
    write(tmp_path, PAIR + OTHER + '//- /port-lsp.toml\ncrate = "other"\n')
    for start in (".", "backend", "crate", "other"):
        found = settled(tmp_path, start)
        assert paths(found, tmp_path) == ("backend", "other")
        assert found.crate is not None
        assert found.crate.reason == "named in port-lsp.toml"


@pytest.mark.parametrize("file", ["backend/pyproject.toml", "crate/port-lsp.toml"])
def test_a_configuration_at_one_root_counts_from_both(tmp_path: Path, file: str) -> None:
    table = "[tool.port-lsp.prefixes]" if file.endswith("pyproject.toml") else "[prefixes]"
    write(tmp_path, f'{PAIR}//- /{file}\n{table}\n"/a" = "/b"\n')
    for start in (".", "backend", "crate"):
        found = settled(tmp_path, start)
        assert found.config.source == str(tmp_path / file)
        assert found.config.links.prefixes == (("/a", "/b"),)
        assert paths(found, tmp_path) == ("backend", "crate")


def test_one_configuration_counts_and_the_others_are_named(tmp_path: Path) -> None:
    write(tmp_path, f"{PAIR}//- /port-lsp.toml\n//- /crate/port-lsp.toml\n")
    for start in (".", "backend", "crate"):
        found = settled(tmp_path, start)
        assert found.config.source == str(tmp_path / "crate" / "port-lsp.toml")
        assert [(p.file, p.severity) for p in found.problems] == [
            (str(tmp_path / "port-lsp.toml"), "information")
        ]


def test_a_configured_folder_that_is_missing_is_said_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, f'{PAIR}//- /port-lsp.toml\n\ncrate = "nowhere"\n')
    found = settled(tmp_path)
    assert paths(found, tmp_path) == ("backend", "crate")
    problem = found.problems[0]
    assert (problem.line, problem.severity) == (2, "error")
    assert "there is no folder" in problem.message


def test_an_open_buffer_of_the_configuration_counts(tmp_path: Path) -> None:
    write(tmp_path, PAIR + "//- /port-lsp.toml\n")
    found = settle(
        Wanted(str(tmp_path)), buffers=lambda path: 'exclude = ["x"]' if path.exists() else None
    )
    assert found.config.exclude == ("x",)


def test_globs_of_exclude_count_from_configuration_and_root(tmp_path: Path) -> None:
    write(
        tmp_path, PAIR + '//- /port-lsp.toml\nexclude = ["backend/old/", "app/gen/**", "*_x.py"]\n'
    )
    root = tmp_path / "backend"
    excluded = excluder(settled(tmp_path).config, str(root))
    for path, out in {
        "old/a.py": True,
        "app/old/a.py": False,
        "app/gen/deep/a.py": True,
        "app/a_x.py": True,
        "app/a.py": False,
    }.items():
        assert excluded(str(root.joinpath(*path.split("/")))) is out
