"""Emacs with the configuration of the README: diagnostics, and an action that ports an endpoint."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"

CASE = """
(setq eglot-sync-connect 90 eglot-connect-timeout 90 eglot-confirm-server-edits nil)
(find-file "backend/notes_app/routers/notes.py")
(apply #'eglot (eglot--guess-contact))
(message "root %s" (project-root (eglot--project (eglot-current-server))))
(with-timeout (60 (error "no diagnostics"))
  (while (not (flymake-diagnostics))
    (flymake-start)
    (accept-process-output nil 0.2)))
(dolist (found (flymake-diagnostics))
  (let ((start (flymake-diagnostic-beg found)) (end (flymake-diagnostic-end found)))
    (message "line %d: %s" (line-number-at-pos start) (buffer-substring start end))))
(search-forward "def search_not")
(let ((actions (eglot-code-actions (point) (point))))
  (eglot-execute (eglot-current-server)
                 (seq-find (lambda (action)
                             (string-prefix-p "Port GET" (plist-get action :title)))
                           actions)))
(save-some-buffers t)
"""


def test_diagnostics_and_an_action(
    unpacked: Callable[[str, str, str, str], Path], example: Path, server: Path, tmp_path: Path
) -> None:
    program = unpacked("emacs", "trixie", "emacs-nox", "emacs-nox")
    documented = re.findall(r"```elisp\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    (tmp_path / "home").mkdir()
    case = tmp_path / "case.el"
    case.write_text("".join(documented) + CASE, encoding="utf-8")
    dump = next(program.parent.parent.glob("libexec/emacs/*/*/*.pdmp"))
    [shared] = program.parent.parent.glob("share/emacs/[0-9]*")
    folders = [path for path in shared.glob("lisp/**/") if "obsolete" not in path.parts]
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "PATH": f"{server}{os.pathsep}{os.environ['PATH']}",
        "EMACSLOADPATH": os.pathsep.join(map(str, folders)),
        "EMACSDATA": str(shared / "etc"),
    }
    done = subprocess.run(
        [str(program), f"--dump-file={dump}", "-Q", "--batch", "-l", str(case)],
        cwd=example, env=environment, timeout=200, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert f"root {example}/" in said
    assert "line 37: search_notes" in said
    assert "line 75: live_note" in said
    after = (example / "crate/src/routes/notes.rs").read_text(encoding="utf-8")
    assert "async fn search_notes(" in after
    assert '.route("/search", get(search_notes))' in after
