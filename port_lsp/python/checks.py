"""Who is turned away in a body: comparisons of roles and scopes, and what no credential leads to.

Read from the body's text, one comparison a match. What doesn't hold for every caller doesn't count:
a check in a branch, or one behind a `return` that has let others through.
"""

from __future__ import annotations

import re

from port_lsp.python.bodyfacts import Check

DENIED = re.compile(rb"\b40[13]\b|HTTP_40[13]_|PermissionError|[Uu]nauthori[sz]ed|[Ff]orbidden")
_WHAT = rb"role|roles|role_name|scope|scopes|permission|permissions"
_OPERAND = rb"[\[({][^\])}]*[\])}]|[\w.]+|\"[^\"]*\"|'[^']*'"
_HEAD = rb"(?m)^(?P<indent>[ \t]*)if\s+\(?"
_END = rb"\s*\)?:\s*(?:#[^\n]*\s*)?(?P<then>raise|return)\b"
# `if user.role != "admin":`, `if user["role"] not in {"user", "admin"}:`; the whole condition, for
# with an `and` behind it others may pass.
_OTHER = re.compile(
    _HEAD + rb"(?P<text>[\w.]+(?:\.|\[[\"'])(?P<what>" + _WHAT + rb")(?:[\"']\])?(?:\.value)?"
    rb"\s*(?:!=|not\s+in|is\s+not)\s*(?P<operand>" + _OPERAND + rb"))" + _END
)
# `if "admin" not in user.roles:`
_LACKS = re.compile(
    _HEAD + rb"(?P<text>(?P<operand>[\w.]+|\"[^\"]*\"|'[^']*')\s+not\s+in\s+"
    rb"[\w.]+\.(?P<what>" + _WHAT + rb")(?:\(\))?)" + _END
)
# `if not any(role in user.roles for role in self.roles):`, `if not user.has_role(self.role):`
_NONE_OF = re.compile(
    _HEAD + rb"(?P<text>not\s+(?:any|all)\(\s*\w+\s+in\s+[\w.]+\.(?P<what>" + _WHAT + rb")"
    rb"\s+for\s+\w+\s+in\s+(?P<operand>[\w.]+)\s*\))" + _END
)
_HAS = re.compile(
    _HEAD + rb"(?P<text>not\s+[\w.]+\.has_(?P<what>" + _WHAT + rb")\((?P<operand>[\w.]+|\"[^\"]*\""
    rb"|'[^']*')\))" + _END
)
# `if user.role in self.roles: return user`, then `raise`
_AMONG = re.compile(
    _HEAD + rb"(?P<text>[\w.]+\.(?P<what>" + _WHAT + rb")(?:\.value)?\s*(?:==|in)\s*"
    rb"(?P<operand>" + _OPERAND + rb"))" + _END
)
_FLAG = re.compile(
    _HEAD
    + rb"(?P<text>not\s+[\w.]+(?:\.|\[[\"'])(?P<flag>is_\w+|admin|superuser)(?:[\"']\]|\(\))?)"
    + _END
)
_FLAGS = ("admin", "superuser", "super_user", "staff", "superadmin", "super_admin", "owner")
# `if not token: return None`: who has no credential goes on.
_SHOWN = (
    rb"(?:[\w.]*(?:token|cred(?:ential)?s?|auth|authorization|header|key|user|session|bearer|jwt"
    rb"|payload|cookie|scheme_name)(?:\.credentials)?)"
)
_LETS = re.compile(
    rb"(?mi)^[ \t]*if\s+(?:not\s+" + _SHOWN + rb"|" + _SHOWN + rb"\s+is\s+None)"
    rb"(?:\s+or\s+[^:\n]*)?:\s*(?:#[^\n]*\s*)?return\b"
)
# `if not user: raise …`: who has none doesn't.
_INSISTS = re.compile(_HEAD + rb"(?:not\s+[\w.]+|[\w.]+\s+is\s+None)(?:\s+or\s+[^:\n]*)?" + _END)
_WORD = re.compile(rb"\b(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\b")
_LITERAL = re.compile(rb"[\"']([^\"']*)[\"']")
_RETURN = re.compile(rb"(?m)^[ \t]+(?:if\b[^\n]*:\s*)?return\b")
_FAR = 240  # bytes in which a refusal says its status


def checks(data: bytes) -> tuple[Check, ...]:
    """The comparisons of a body (its text behind the header) that all callers must pass."""
    return tuple(check for pattern in _PATTERNS for check in _found(pattern, data))


def lets_through(data: bytes) -> bool:
    """Whether somebody without a credential gets past this dependency."""
    return b"return" in data and _LETS.search(data) is not None


def insists(data: bytes) -> bool:
    """Whether whoever has no credential is turned away, on the body's own level."""
    return any(_holds(data, match) and _refuses(data, match) for match in _INSISTS.finditer(data))


def _found(pattern: re.Pattern[bytes], data: bytes) -> list[Check]:
    out: list[Check] = []
    for match in pattern.finditer(data):
        refused = _refused_after(data, match) if pattern is _AMONG else _refuses(data, match)
        if not refused or not _holds(data, match):
            continue
        text = match["text"].decode("utf-8", "replace")
        if pattern is _FLAG:
            name = match["flag"].decode("utf-8", "replace").removeprefix("is_")
            if name in _FLAGS:
                out.append(Check("role", (name,), text))
            continue
        operand = match["operand"]
        values = tuple(v.decode("utf-8", "replace") for v in _LITERAL.findall(operand))
        names = _WORD.findall(_LITERAL.sub(b"", operand))
        level = "role" if match["what"].startswith(b"role") else "scope"
        known = tuple(name.decode("utf-8", "replace") for name in names)
        out.append(Check(level, values, text, known))
    return out


def _refuses(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether what follows a condition turns somebody away; an answer must say so itself."""
    if match["then"] == b"raise":
        return True
    return DENIED.search(data, match.end(), _statement_end(data, match)) is not None


def _refused_after(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether whoever a condition doesn't let go is turned away by the next statement."""
    if match["then"] != b"return":
        return False
    end = _statement_end(data, match)
    rest = data[end : end + _FAR]
    return rest.lstrip().startswith((b"raise", b"else")) and DENIED.search(rest) is not None


def _statement_end(data: bytes, match: re.Match[bytes]) -> int:
    """Where the lines that are indented further than an `if` end."""
    indent = len(match["indent"])
    line = re.compile(rb"(?m)^[ \t]{0,%d}[^\s)\]}]" % indent)
    found = line.search(data, match.end())
    return found.start() if found else len(data)


def _holds(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether a statement is reached by all: on the body's own level, or in a `with` or `try` on
    it, and nobody has been let through before."""
    if _RETURN.search(data, 0, match.start()):
        return False
    indent = len(match["indent"].expandtabs())
    for line in reversed(data[: match.start()].splitlines()):
        text = line.lstrip()
        own = len(line.expandtabs()) - len(text)
        if not text or own >= indent or text.startswith((b"#", b")", b"]", b"}")):
            continue
        if not text.startswith((b"with ", b"async with ", b"try:")):
            return own == 0  # a text that isn't indented
        indent = own
    return True


_PATTERNS = (_OTHER, _LACKS, _NONE_OF, _HAS, _AMONG, _FLAG)
