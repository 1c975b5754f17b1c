"""What serde's and sqlx's attributes say of names and defaults."""

from collections.abc import Callable, Iterable, Sequence

from port_lsp.facts.source import Record
from port_lsp.rust.attributes import Meta


class Rules(Record, frozen=True):
    """What a container's attributes mean for its members.

    `way` is 0 where names are those that Serialize writes, 1 where those that Deserialize reads.
    `members` and `columns` are the rules of serde's and sqlx's `rename_all`, `default` what a
    field without a value gets.
    """

    way: int
    members: str | None = None
    columns: str | None = None
    default: str | None = None


def rules_of(metas: Sequence[Meta], traits: Iterable[str]) -> Rules:
    """The rules of a struct or enum with these attributes, which derives these traits."""
    short = {trait.rpartition("::")[2] for trait in traits}
    way = 0 if "Serialize" in short and "Deserialize" not in short else 1
    default = serde_entry(metas, "default")
    return Rules(
        way,
        two_ways(metas, "rename_all")[way],
        _sqlx_rename_all(metas),
        value_of(default, "Self::default()") if default is not None else None,
    )


def wire_name(
    metas: Iterable[Meta], bare: str, rules: Rules, change: Callable[[str | None, str], str]
) -> str:
    """A member's name on the wire; `change` is `cases.field_name` or `cases.variant_name`."""
    return two_ways(metas, "rename")[rules.way] or change(rules.members, bare)


def serde_entry(metas: Iterable[Meta], name: str) -> Meta | None:
    """The entry of that name in the serde attributes."""
    return next(
        (e for meta in metas if meta.name == "serde" for e in meta.entries if e.path == name), None
    )


def two_ways(metas: Iterable[Meta], name: str) -> tuple[str | None, str | None]:
    """A keyword that may differ for the two directions: `x = "a"`, `x(serialize = "a")`."""
    entry = serde_entry(metas, name)
    if entry is None or not entry.listed:
        text = entry.text if entry is not None else None
        return text, text
    given = {part.path: part.text for part in entry.entries}
    return given.get("serialize"), given.get("deserialize")


def _sqlx_rename_all(metas: Iterable[Meta]) -> str | None:
    entries = (e for meta in metas if meta.name == "sqlx" for e in meta.entries)
    return next((entry.text for entry in entries if entry.path == "rename_all"), None)


def value_of(entry: Meta, otherwise: str) -> str:
    """The text of the value that `default` or `default = "path"` stands for."""
    return f"{entry.text}()" if entry.text else otherwise
