"""The command line: exit codes, what goes where, and that nothing shows a traceback."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from port_lsp import __version__
from port_lsp.cli import run
from port_lsp.rules import RULES
from tests.index.projects import PAIR, write

ROOT = Path(__file__).parents[2]
EXAMPLES = str(ROOT / "examples")
PROGRAM = [sys.executable, "-m", "port_lsp"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the log goes while a test runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_version_and_help(capsys: Capture) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"port-lsp {__version__}\n"
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in ("serve", "check", "report", "export", "explain", "port", "parity", "config"):
        assert f"  {name} " in out
    assert "..." not in out.partition("Commands:")[2]


@pytest.mark.parametrize(
    "name", ["serve", "check", "report", "export", "explain", "port", "parity", "config"]
)
def test_every_command_has_help(name: str, capsys: Capture) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage: port-lsp " + name in capsys.readouterr().out


@pytest.mark.parametrize(
    "args",
    [
        ["nothing"],
        ["check", "--nothing"],
        ["check", "/no/such/folder"],
        ["export", "--backend", "/no/such/folder"],
        ["export", "--crate", "/no/such/folder"],
        ["report", "--format", "pdf"],
        ["check", "--fail-on", "fatal"],
        ["explain"],
        ["export", EXAMPLES, "--output", "/no/such/folder/x.json"],
        ["report", EXAMPLES, "--output", "/no/such/folder/x.txt"],
    ],
)
def test_wrong_use_is_exit_code_2(args: list[str], capsys: Capture) -> None:
    assert run(args) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err
    assert "Traceback" not in captured.err


def test_check_lists_findings_and_fails_on_warnings(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert run(["check"]) == 1
    captured = capsys.readouterr()
    assert "[path-drift]" in captured.out
    assert "endpoints are ported" not in captured.out
    assert "endpoints are ported" in captured.err


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("warning", 1), ("hint", 1), ("never", 0)]
)
def test_what_fails_is_chosen(level: str, code: int) -> None:
    assert run(["check", EXAMPLES, "--fail-on", level]) == code


@pytest.mark.parametrize("form", ["json", "sarif", "github", "gitlab"])
def test_machine_output_is_alone_on_stdout(form: str, capsys: Capture) -> None:
    assert run(["check", EXAMPLES, "--format", form]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    if form != "github":
        json.loads(captured.out)


def test_export_prints_json_or_writes_it(tmp_path: Path, capsys: Capture) -> None:
    assert run(["export", EXAMPLES]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["version"] == 1
    path = tmp_path / "export.json"
    assert run(["export", EXAMPLES, "-o", str(path)]) == 0
    assert capsys.readouterr().out == ""
    assert path.read_text("utf-8") == out


def test_the_schema_needs_no_project(tmp_path: Path, capsys: Capture) -> None:
    assert run(["export", str(tmp_path), "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$ref"] == "#/$defs/Export"


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_every_report_is_printed(form: str, capsys: Capture) -> None:
    assert run(["report", EXAMPLES, "--format", form]) == 0
    assert "/api/v1/notes/search" in capsys.readouterr().out


def test_both_roots_lead_to_the_same_export(capsys: Capture) -> None:
    outs: list[str] = []
    for start in ("", "backend", "crate", "crate/src/routes"):
        assert run(["export", str(ROOT / "examples" / start)]) == 0
        outs.append(capsys.readouterr().out)
    assert len(set(outs)) == 1


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_is_explained(rule: str, capsys: Capture) -> None:
    assert run(["explain", rule]) == 0
    assert f"# {rule}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "what",
    [
        "notes_app/routers/notes.py::update_note",
        "update_note",
        "PUT /api/v1/notes/{note_id}",
        "backend/notes_app/routers/notes.py:60",
        "notes_app/routers/notes.py:58",
        "crate/src/routes/notes.rs:104",
    ],
)
def test_places_are_explained(what: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert run(["explain", what]) == 0
    out = capsys.readouterr().out
    assert "notes_app/routers/notes.py::update_note#PUT /api/v1/notes/{note_id}: drifted" in out
    assert "counterpart src/routes/notes.rs::update_note#POST /api/v1/notes/{note_id}" in out
    assert out.count("method-drift") == 1


NOTES = "src/routes/notes.rs"


@pytest.mark.parametrize(
    ("what", "best"),
    [
        (  # not linked
            "GET /api/v1/notes/search",
            [
                ("candidate", f"{NOTES}::list_notes#GET /api/v1/notes", "0.49"),
                ("candidate", f"{NOTES}::get_note#GET /api/v1/notes/{{note_id}}", "0.49"),
                ("candidate", f"{NOTES}::export_notes#GET /api/v1/notes/export", "0.49"),
            ],
        ),
        (  # linked
            "update_note",
            [
                ("counterpart", f"{NOTES}::update_note#POST /api/v1/notes/{{note_id}}", "0.91"),
                ("candidate", f"{NOTES}::get_note#GET /api/v1/notes/{{note_id}}", "0.49"),
                ("candidate", f"{NOTES}::delete_note#DELETE /api/v1/notes/{{note_id}}", "0.49"),
            ],
        ),
        (  # a model
            "FolderForm",
            [
                ("counterpart", "src/models/folder.rs::FolderForm", "0.98"),
                ("candidate", "src/models/folder.rs::Folder", "0.45"),
            ],
        ),
    ],
)
def test_the_best_three_candidates_with_their_scores(
    what: str, best: list[tuple[str, str, str]], capsys: Capture
) -> None:
    """What might have been meant, and for each that isn't linked the reason."""
    assert run(["explain", what, EXAMPLES]) == 0
    out = capsys.readouterr().out
    found = re.findall(r"^  (counterpart|candidate) (.+) \((\d\.\d\d)\)$", out, re.M)
    assert found == best
    refused = [one for one in best if one[0] == "candidate"]
    assert out.count("    not linked: ") == len(refused)


def test_an_explanation_as_json(capsys: Capture) -> None:
    assert run(["explain", "--format", "json", "update_note", EXAMPLES]) == 0
    assert json.loads(capsys.readouterr().out)[0]["link"]["presence"] == "ported"


def test_what_nobody_knows_is_said_with_what_is_near(capsys: Capture) -> None:
    assert run(["explain", "updat", EXAMPLES]) == 2
    captured = capsys.readouterr()
    assert "nothing is called updat" in captured.err
    assert "did you mean notes_app/routers/notes.py::update_note" in captured.err


def test_config_shows_roots_reasons_and_settings(capsys: Capture) -> None:
    assert run(["config", EXAMPLES]) == 0
    out = capsys.readouterr().out
    assert f"backend: {ROOT / 'examples' / 'backend'}\n  named in port-lsp.toml\n" in out
    assert "/api/v1/auths → /api/v1/auth" in out
    assert run(["config", EXAMPLES, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["crate"]["reason"] == "named in port-lsp.toml"


def test_a_mistake_in_the_configuration_is_exit_code_2(tmp_path: Path, capsys: Capture) -> None:
    write(tmp_path, PAIR + "//- /port-lsp.toml\nprefixs = {}\n")
    for command in ("check", "report", "export", "config"):
        assert run([command, str(tmp_path)]) == 2
        captured = capsys.readouterr()
        assert captured.out
        said = captured.out if command == "config" else captured.err
        assert "port-lsp.toml:1: error: unknown key `prefixs`; did you mean `prefixes`?" in said


def test_nothing_dropped_is_printed(capsys: Capture) -> None:
    assert run(["check", EXAMPLES, "--reconcile"]) == 0
    assert "difference 0" in capsys.readouterr().out


def test_a_mistake_of_our_own_shows_no_traceback(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, log_folder: Path
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("so it goes")

    monkeypatch.setattr("port_lsp.index.index.Index.open", broken)
    assert run(["check", EXAMPLES]) == 2
    captured = capsys.readouterr()
    log = log_folder / "port-lsp" / "port-lsp.log"
    assert "RuntimeError: so it goes" in captured.err
    assert str(log) in captured.err
    assert "Traceback" not in captured.err
    assert "Traceback" in log.read_text("utf-8")


def test_ctrl_c_is_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("port_lsp.index.index.Index.open", interrupted)
    assert run(["check", EXAMPLES]) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_closed_pipe_is_quiet() -> None:
    with subprocess.Popen(
        [*PROGRAM, "export", EXAMPLES], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == -signal.SIGPIPE


def test_output_is_utf_8_wherever_it_goes() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    for form in ("text", "markdown", "json"):
        done = subprocess.run(
            [*PROGRAM, "report", EXAMPLES, "--format", form],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode("utf-8")


def test_starting_imports_nothing_heavy() -> None:
    code = (
        "import sys; from port_lsp.cli import run; run(['--help']); "
        "print([name for name in ('libcst', 'rich', 'jinja2', 'tree_sitter', 'pygls', 'lsprotocol',"
        " 'tomlkit', 'pathspec') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.endswith("[]\n")


def test_completion_is_offered() -> None:
    environment = {
        **os.environ,
        "_PORT_LSP_COMPLETE": "bash_complete",
        "COMP_WORDS": "port-lsp ex",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(PROGRAM, capture_output=True, env=environment, check=False)
    assert done.stdout.decode().split() == ["plain,export", "plain,explain"]


def test_a_terminal_shows_colours_unless_told_not_to() -> None:
    pty = pytest.importorskip("pty", reason="there are no terminals to be had")
    for no_color, coloured in ((False, True), (True, False)):
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
        environment.pop("NO_COLOR", None)
        environment |= {"NO_COLOR": "1"} if no_color else {}
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [*PROGRAM, "report", EXAMPLES],
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as process:
            os.close(theirs)
            out = _all_of(ours)
            assert process.wait() == 0
        assert (b"\x1b[31m" in out or b"\x1b[1;31m" in out) is coloured


def _all_of(descriptor: int) -> bytes:
    out = b""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        out += part
    os.close(descriptor)
    return out


def test_a_setting_that_names_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """By `check` and `config`, at its line; it is no mistake that fails a run."""
    config = '//- /port-lsp.toml\n[pin]\n"GET /user" = "users.rs::list_users"\n'
    monkeypatch.chdir(write(tmp_path, PAIR + config))
    message = "`pin`: no endpoint `GET /user` in the backend; did you mean `GET /users`?"
    assert run(["check", "--fail-on", "never"]) == 0
    assert f"port-lsp.toml:2: warning: {message}" in capsys.readouterr().err
    assert run(["config"]) == 0
    assert message in capsys.readouterr().out.partition("problems:")[2]
    assert run(["check", "--format", "json", "--fail-on", "never"]) == 0
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["line"], problem["severity"], problem["message"]) == (2, "warning", message)


def test_explain_tells_what_was_likely_meant(capsys: Capture) -> None:
    assert run(["explain", "routers/users.py::get_users", EXAMPLES]) == 2
    assert "did you mean notes_app/routers/users.py::get_user?" in capsys.readouterr().err
