"""What git says of files that are about to be written: whether they can be brought back."""

import os
import shutil
import subprocess
from collections.abc import Iterable

_SHOWN = 3  # names of files in one message


def why_not(root: str, paths: Iterable[str]) -> str | None:
    """Why files (relative to `root`) shouldn't be written; None where git can bring each back.

    git is asked, nothing is changed; hooks and the repository's own commands don't run.
    """
    git = shutil.which("git")
    if git is None:
        return "git isn't there, so nothing could be brought back"
    inside = _git(git, root, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.strip() != "true":
        return f"{root} isn't in a git repository, so nothing could be brought back"
    known = [path for path in paths if os.path.lexists(os.path.join(root, path))]
    if not known:
        return None
    # What git ignores or doesn't know yet it couldn't bring back, either.
    asked = ("status", "--porcelain=v1", "-z", "--ignored", "--untracked-files=all", "--no-renames")
    changed = _git(git, root, *asked, "--", *known)
    if changed is None:
        return f"git doesn't say whether files in {root} were changed"
    names = [entry[3:] for entry in changed.split("\0") if len(entry) > 3]
    if names:
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        return f"uncommitted changes, or a file that git doesn't keep: {shown}"
    return None


def _git(git: str, root: str, *arguments: str) -> str | None:
    command = [git, "-c", "core.fsmonitor=false", "-C", root, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
