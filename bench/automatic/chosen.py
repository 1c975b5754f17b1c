"""The backends of backends.toml, and an environment in which each runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import tomlkit

from port_lsp.facts.source import Record
from port_lsp.parity.alike import Allowed
from port_lsp.parity.scenario import Step

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
TABLE = HERE / "backends.toml"


class Chosen(Record, frozen=True, kw_only=True):
    """One backend; backends.toml says what the fields mean."""

    name: str
    app: str
    database: str
    scenario: str
    requirements: tuple[str, ...]
    folder: str = "."
    source: str = ""
    commit: str = ""
    env: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    rust_env: dict[str, str] = msgspec.field(default_factory=dict[str, str])

    def backend(self, checkout: Path | None) -> Path:
        """The folder to port; `checkout` is the repository's, where it isn't this project."""
        return ((checkout or PROJECT) / self.folder).resolve()


class Act(Step, frozen=True, kw_only=True):
    """A step, and what is done to both databases before it: `swap` exchanges the values of
    `table.column`, of rows that `where` (SQL) names, so that each side has the other's; `sql` is
    run on both. `apart` says why the sides differ by design: such a step isn't counted, but has to
    differ; where a framework is said (`apart_on`), on that one alone."""

    apart: str = ""
    apart_on: str = ""
    swap: str = ""
    where: str = "1"
    sql: str = ""


class Cases(Record, frozen=True):
    """What endpoints are asked with beside the steps: values of parameters by their names, the
    headers of somebody who may do everything, and endpoints (texts in their ids) that aren't."""

    values: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    but: tuple[str, ...] = ()


class Scenario(Allowed, frozen=True, kw_only=True):
    """The whole of a scenario's file. `apart` are tables that only one side has, and columns
    (`table.column`), which aren't compared."""

    apart: tuple[str, ...] = ()
    step: tuple[Act, ...] = ()
    cases: Cases | None = None


class _Table(Record, frozen=True):
    backend: tuple[Chosen, ...]


def chosen(name: str) -> Chosen:
    """The backend of that name. Raises KeyError."""
    rows = msgspec.convert(_loaded(TABLE), _Table).backend
    return {one.name: one for one in rows}[name]


def scenario(one: Chosen) -> Scenario:
    """Its scenario."""
    return msgspec.convert(_loaded(HERE / "scenarios" / f"{one.scenario}.toml"), Scenario)


def _loaded(path: Path) -> Any:
    return tomlkit.parse(path.read_text("utf-8")).unwrap()


def environment(one: Chosen, folder: Path) -> Path:
    """The interpreter of an environment below a folder that holds what the backend needs; made when
    that changed."""
    where = folder / one.name
    stamp = where / "requirements.txt"
    wanted = "\n".join(one.requirements)
    python = where / "bin" / "python"
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", where], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *one.requirements], check=True)
        stamp.write_text(wanted, "utf-8")
    return python
