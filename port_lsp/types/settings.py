"""What a backend can be told from outside: its settings, each with its environment variable."""

from __future__ import annotations

from typing import Literal

from port_lsp.facts.source import Record

SettingKind = Literal["str", "int", "float", "bool"]


class Setting(Record, frozen=True):
    """One setting. `env` is the variable's name, `key` the item key of what declares it.

    `default` is None where there is none or where only Python could compute it: then `needed` says
    whether the backend doesn't start without the variable. `truth` is the text that means true,
    in lower case, "" where it is Pydantic's words.
    """

    name: str
    env: str
    key: str
    kind: SettingKind = "str"
    default: str | int | float | bool | None = None
    needed: bool = False
    truth: str = ""
