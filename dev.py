#!/usr/bin/env python3
"""Everything a developer runs, with nothing but Python 3.10 or newer and its venv module.

    python3 dev.py demo          the main job on examples/
    python3 dev.py test          formatter, linter, type checker, tests
    python3 dev.py types         the type checker for each later Python, up to the newest
    python3 dev.py acceptance    the slower suites (they download what they measure on)
    python3 dev.py editors       the clients, in real editors (installs those that are missing)
    python3 dev.py run -- ARGS   any command inside the project's environment

The first call makes `.venv` and installs what requirements.lock names, hash by hash.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
import venv
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
LATER_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
VSCODE = ROOT / "editors" / "vscode"
INSTALLED = Path(os.environ.get("PORT_LSP_WORKBENCH", VSCODE / ".workbench"))
NODE = INSTALLED / "node_modules" / ".bin"  # newer than Debian 12's own
VSCODE_JOBS = ("check", "test", "package", "person")
FETCH = ["bash", str(VSCODE / "test" / "fetch.sh"), str(INSTALLED)]


def main(arguments: list[str]) -> int:
    """Runs one of the jobs; the exit status is the first failing command's."""
    job, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    jobs = {
        "demo": demo,
        "test": test,
        "types": types,
        "acceptance": acceptance,
        "editors": editors,
        "run": run_any,
    }
    if job not in jobs:
        print(__doc__)
        return 0 if job in ("help", "-h", "--help") else 2
    prepare()
    return jobs[job](rest)


def prepare() -> None:
    """Makes the environment, and makes it anew in place when the lock file changed."""
    stamp = ENVIRONMENT / "installed-from"
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("making .venv …", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    check([*install, "--require-hashes", "-r", str(LOCK)])
    check([*install, "--no-deps", "--editable", str(ROOT)])
    stamp.write_text(wanted)


def demo(rest: list[str]) -> int:
    """What is ported of the example and what is not."""
    return call([str(BIN / "port-lsp"), "report", str(ROOT / "examples"), *rest])


def test(rest: list[str]) -> int:
    """All that must pass on every commit."""
    steps = [
        [str(BIN / "ruff"), "format", "--check", "."],
        [str(BIN / "ruff"), "check", "."],
        [str(BIN / "pyright"), "--pythonpath", str(PYTHON)],
        [str(PYTHON), "-m", "pytest", "-q", "-rs", *rest],
    ]
    if rest:
        steps = steps[-1:]
    return first_failure(steps)


def types(rest: list[str]) -> int:
    """What must hold for each Python that is claimed. pyproject.toml names the oldest, which `test`
    checks; the others (or those given) take a minute and more each, so only CI runs them."""
    command = [str(BIN / "pyright"), "--pythonpath", str(PYTHON), "--pythonversion"]
    failed = 0
    for version in rest or LATER_PYTHONS:
        print(f"types for Python {version}", flush=True)
        failed = call([*command, version]) or failed
    return failed


def acceptance(rest: list[str]) -> int:
    """Against the real backend's wheel, the compiler, and public applications."""
    return call([str(PYTHON), "-m", "pytest", "-q", "acceptance", *rest])


def editors(rest: list[str]) -> int:
    """The clients in real editors, or some of them: vscode, neovim, emacs, helix. `off` runs each
    of VS Code's tests with its feature switched off, when it must fail: that takes long."""
    wanted = rest or ["neovim", "emacs", "helix", "vscode"]
    with ExitStack() as meanwhile:
        # What VS Code's tests need is fetched while the other editors run: that is mostly waiting.
        with_code = not {"vscode", "off"}.isdisjoint(wanted)
        fetched = meanwhile.enter_context(start(FETCH)) if with_code else None
        folders = [f"editors/{name}" for name in wanted if name not in ("vscode", "off")]
        tests = [str(PYTHON), "-m", "pytest", "-q", "--durations=5", *folders]
        status = call(tests) if folders else 0
        if fetched is None or fetched.wait():
            return status or (fetched.returncode if fetched is not None else 0)
        jobs = [*(VSCODE_JOBS if "vscode" in wanted else ()), *(["test:off"] * ("off" in wanted))]
        return vscode(jobs) or status


def vscode(jobs: list[str]) -> int:
    """Some jobs of the client for VS Code."""
    os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"
    os.environ["PYTHON"] = str(PYTHON)
    return first_failure([["npm", "--prefix", str(VSCODE), "run", job] for job in jobs])


def run_any(rest: list[str]) -> int:
    """One command with the environment's programs first on the path."""
    command = rest[1:] if rest[:1] == ["--"] else rest
    return call(command)


def first_failure(steps: list[list[str]]) -> int:
    """Runs every step, so that one run tells all; gives the first status that isn't 0. The last
    lines say which steps failed: what they printed may be far above."""
    failed = [(step, status) for step in steps if (status := call(step))]
    for step, status in failed:
        print(f"failed with exit status {status}: {shlex.join(step)}", file=sys.stderr)
    return failed[0][1] if failed else 0


def call(command: list[str]) -> int:
    """Runs a command inside the environment, from the project's folder."""
    with start(command) as process:
        return process.wait()


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Begins a command inside the environment, from the project's folder."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PATH": path})


def check(command: list[str]) -> None:
    """Runs a command that must succeed."""
    if status := call(command):
        raise SystemExit(status)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
