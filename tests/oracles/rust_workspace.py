"""Writes one cargo workspace that compiles all Rust fixtures.

Every package of a fixture becomes a crate, its sources byte for byte as they stand; the manifests
stand apart from the sources, so that a package with a library and a program is two crates. The
crates that fixtures know as `axum` and `actix_web` are the stand-ins of rust_probe/.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, cast

import tomlkit

PROBE = Path(__file__).parent / "rust_probe"
OLDEST_CARGO = (1, 80)
FRAMEWORKS = ("axum07", "axum08", "actix4")

# Everything that a fixture may depend on, with as little of it as compiles.
_REGISTRY = {
    "tokio": '{ version = "1", features = ["macros", "net", "rt-multi-thread"] }',
    "tower": '{ version = "0.5", features = ["util"] }',
    "utoipa": '{ version = "5", default-features = false, features = ["macros"] }',
    "utoipa-axum": '{ version = "0.2", default-features = false }',
}
_STAND_INS = {"axum": ("axum07", "axum08"), "actix-web": ("actix4",)}
_AXUM_FEATURES = '["macros", "matched-path", "original-uri"]'
_SHIM_DEPENDENCIES = {
    "axum07": {
        "axum_real": f'{{ package = "axum", version = "0.7", default-features = false, '
        f"features = {_AXUM_FEATURES} }}",
        "tower": _REGISTRY["tower"],
    },
    "axum08": {
        "axum_real": f'{{ package = "axum", version = "0.8", default-features = false, '
        f"features = {_AXUM_FEATURES} }}",
        "tower": _REGISTRY["tower"],
    },
    "actix4": {
        "actix_web_real": '{ package = "actix-web", version = "4", default-features = false, '
        'features = ["macros"] }',
        "actix-http": '{ version = "3", default-features = false }',
        "actix-service": '"2"',
    },
}


@dataclass(frozen=True, slots=True)
class Program:
    """A fixture as it is compiled: its files by path, the framework's key, features to enable."""

    name: str
    framework: str
    files: Mapping[str, str]
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Crate:
    """One crate to compile: the file it begins with, what it is called and what it needs.

    `name` is unique in the workspace, `code_name` what other crates' code calls it; `needs` are
    lines of the manifest's [dependencies].
    """

    name: str
    code_name: str
    root: str
    needs: Mapping[str, str]
    features: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def is_application(self) -> bool:
        return self.root.endswith("main.rs")


def write_workspace(programs: tuple[Program, ...], folder: Path) -> None:
    """Writes the workspace; a file that is right already is left alone, so that cargo builds
    only what changed. Raises ValueError for a fixture that needs an unknown crate."""
    members = ["exchange"]
    _copy("exchange", folder)
    _write(folder / "exchange/Cargo.toml", _manifest("rust-probe-exchange", "lib.rs", {}))
    for framework in FRAMEWORKS:
        applications: dict[str, str] = {}
        for program in (each for each in programs if each.framework == framework):
            for crate in _crates(program):
                members.append(f"crates/{crate.name}")
                _write(folder / members[-1] / "Cargo.toml", _fixture_manifest(crate, program))
                if crate.is_application:
                    applications[program.name] = crate.name
            _write_sources(program, folder / "sources" / program.name)
        if applications:
            members += _write_probe(framework, applications, folder)
    _write(
        folder / "Cargo.toml",
        f'[workspace]\nresolver = "2"\nmembers = {json.dumps(members)}\n\n'
        "[profile.dev]\ndebug = false\nincremental = false\n",
    )
    if not (folder / "Cargo.lock").exists() and (PROBE / "Cargo.lock").exists():
        shutil.copy(PROBE / "Cargo.lock", folder / "Cargo.lock")


def _write_sources(program: Program, folder: Path) -> None:
    for path, text in program.files.items():
        if path.endswith("src/main.rs"):
            # The one addition, behind the last line: its private `main`, for the probe.
            text += "\npub fn __probe() {\n    let _ = main();\n}\n"
        _write(folder / path, text)


def _write_probe(framework: str, applications: Mapping[str, str], folder: Path) -> list[str]:
    """The stand-in for a framework and the probe of all its fixtures; returns both members."""
    stand_in, probe = f"stand_in_{framework}", f"probe_{framework}"
    shim = "actix_shim" if framework == "actix4" else "axum_shim"
    _copy(shim, folder)
    needs = {
        **_SHIM_DEPENDENCIES[framework],
        "rust-probe-exchange": '{ path = "../exchange" }',
    }
    code_name = "actix_web" if framework == "actix4" else "axum"
    manifest = _manifest(f"rust-probe-{stand_in}", f"../{shim}/lib.rs", needs, code_name)
    _write(folder / stand_in / "Cargo.toml", manifest)

    needs = {
        "rust-probe-exchange": '{ path = "../exchange" }',
        **{f"fixture_{name}": f'{{ package = "{crate}", path = "../crates/{crate}" }}'
           for name, crate in applications.items()},
    }  # fmt: skip
    program = f'[[bin]]\nname = "rust-probe-{framework}"\npath = "main.rs"\n'
    _write(folder / probe / "Cargo.toml", _package(f"rust-probe-{framework}", needs, program))
    _write(folder / probe / "main.rs", (PROBE / "bin/main.rs").read_text(encoding="utf-8"))
    arms = "".join(f'        "{name}" => Some(fixture_{name}::__probe),\n' for name in applications)
    _write(
        folder / probe / "applications.rs",
        f"pub fn find(name: &str) -> Option<fn()> {{\n    match name {{\n{arms}"
        "        _ => None,\n    }\n}\n",
    )
    return [stand_in, probe]


def _crates(program: Program) -> Iterator[_Crate]:
    """The crates of a fixture: of its manifests where it has some, else of src/main.rs alone."""
    manifests = {path: text for path, text in program.files.items() if path.endswith("Cargo.toml")}
    if not manifests:
        needed = ("actix-web",) if program.framework == "actix4" else ("axum", "tokio", "tower")
        needs = {name: _line(name, program.framework) for name in needed}
        yield _Crate(f"fixture-{program.name}", "app", "src/main.rs", needs)
    for path, text in manifests.items():
        manifest = tomlkit.parse(text).unwrap()
        if "package" in manifest:
            yield from _package_crates(program, str(PurePosixPath(path).parent), manifest)


def _package_crates(program: Program, home: str, manifest: dict[str, Any]) -> Iterator[_Crate]:
    package = cast(str, manifest["package"]["name"])
    needs: dict[str, str] = {}
    for name, wanted in cast(dict[str, Any], manifest.get("dependencies", {})).items():
        if isinstance(wanted, dict) and "path" in wanted:
            needs[name] = _sibling(f"fixture-{program.name}-{name}")
        else:
            needs[name] = _line(name, program.framework)
    features = cast(dict[str, list[str]], manifest.get("features", {}))
    name = f"fixture-{program.name}-{package}"
    code_name = package.replace("-", "_")
    library, main = (str(PurePosixPath(home) / "src" / file) for file in ("lib.rs", "main.rs"))
    if library in program.files:
        yield _Crate(name, code_name, library, needs, features)
    if main in program.files:
        if library in program.files:
            needs = {**needs, package: _sibling(name)}
        yield _Crate(f"{name}-main", f"{code_name}_main", main, needs, features)


def _sibling(name: str) -> str:
    return f'{{ package = "{name}", path = "../{name}" }}'


def _line(name: str, framework: str) -> str:
    """A dependency's value in a manifest. Raises ValueError for one that isn't provided for."""
    if framework in _STAND_INS.get(name, ()):
        member = f"stand_in_{framework}"
        return f'{{ package = "rust-probe-{member}", path = "../../{member}" }}'
    if name not in _REGISTRY:
        raise ValueError(f"a fixture for {framework} needs {name!r}, which the oracle doesn't have")
    return _REGISTRY[name]


def _fixture_manifest(crate: _Crate, program: Program) -> str:
    features = dict(crate.features)
    wanted = [name for name in program.features if name in features]
    if wanted:
        features["default"] = [*features.get("default", []), *wanted]
    root = f"../../sources/{program.name}/{crate.root}"
    lines = "".join(f"{name} = {json.dumps(parts)}\n" for name, parts in features.items())
    return _manifest(crate.name, root, crate.needs, crate.code_name, f"[features]\n{lines}")


def _manifest(
    name: str, root: str, needs: Mapping[str, str], code_name: str | None = None, more: str = ""
) -> str:
    target = f'[lib]\nname = "{code_name or name.replace("-", "_")}"\npath = "{root}"\n'
    return _package(name, needs, f"{target}test = false\ndoctest = false\n\n{more}")


def _package(name: str, needs: Mapping[str, str], target: str) -> str:
    lines = "".join(f"{need} = {value}\n" for need, value in needs.items())
    oldest = ".".join(map(str, OLDEST_CARGO))
    return (
        f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2021"\n'
        f'rust-version = "{oldest}"\npublish = false\n\n{target}\n[dependencies]\n{lines}'
    )


def _copy(part: str, folder: Path) -> None:
    for source in (PROBE / part).glob("*.rs"):
        _write(folder / part / source.name, source.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
