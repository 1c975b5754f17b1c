"""Python annotations as wire types, one line a case."""

from __future__ import annotations

import pytest

from port_lsp.types.from_python import from_python
from port_lsp.types.wire import Wire, ref

CASES = [
    ("", "any"),
    ("str", "str"),
    ("int", "int"),
    ("float", "float"),
    ("bool", "bool"),
    ("bytes", "bytes"),
    ("None", "null"),
    ("Any", "any"),
    ("typing.Any", "any"),
    ("object", "any"),
    ("datetime", "datetime"),
    ("datetime.datetime", "datetime"),
    ("dt.date", "date"),
    ("datetime.time", "time"),
    ("timedelta", "timedelta"),
    ("uuid.UUID", "uuid"),
    ("UUID4", "uuid"),
    ("Decimal", "decimal"),
    # optional and unions
    ("Optional[str]", "str or null"),
    ("typing.Optional[list[int]]", "list[int] or null"),
    ("str | None", "str or null"),
    ("None | str", "str or null"),
    ("Union[str, None]", "str or null"),
    ("Union[int, str]", "int or str"),
    ("int | str | None", "int or str or null"),
    ("Union[int, Union[str, Optional[bool]]]", "int or str or bool or null"),
    ("Optional[Any]", "any"),
    ("Optional[Optional[int]]", "int or null"),
    ("Union[str]", "str"),
    ("str | str", "str"),
    # containers
    ("list", "list[any]"),
    ("List[str]", "list[str]"),
    ("list[dict]", "list[map[str, any]]"),
    ("Sequence[int]", "list[int]"),
    ("collections.abc.Iterable[int]", "list[int]"),
    ("set[str]", "set[str]"),
    ("frozenset", "set[any]"),
    ("dict", "map[str, any]"),
    ("Dict[str, int]", "map[str, int]"),
    ("Mapping[int, list[str]]", "map[int, list[str]]"),
    ("defaultdict[str, int]", "map[str, int]"),
    ("tuple", "list[any]"),
    ("tuple[int, str]", "tuple[int, str]"),
    ("Tuple[int, ...]", "list[int]"),
    ("tuple[()]", "tuple"),
    # literals
    ('Literal["a", "b"]', '"a" | "b"'),
    ("Literal[1, -2, True]", "1 | -2 | true"),
    ('Literal["a", None]', '"a" or null'),
    ('Literal["a"] | Literal["b"]', '"a" | "b"'),
    ('Literal[Literal["a"], "b"]', '"a" | "b"'),
    ("Literal[Color.RED]", "Color"),
    # what stands around a type
    ("Annotated[int, Field(gt=0)]", "int"),
    ('Annotated[str | None, Query(alias="x")]', "str or null"),
    ("Final[int]", "int"),
    ("NotRequired[int]", "int"),
    ("Mapped[Optional[str]]", "str or null"),
    ("Mapped[list['User']]", "list[User]"),
    # forward references
    ("'UserModel'", "UserModel"),
    ("\"Optional['UserModel']\"", "UserModel or null"),
    ("list['a.B | None']", "list[a.B or null]"),
    # models
    ("UserModel", "UserModel"),
    ("Page[User]", "Page[User]"),
    ("schemas.Page[schemas.User, int]", "schemas.Page[schemas.User, int]"),
    # Pydantic
    ("EmailStr", "str (email)"),
    ("HttpUrl", "str (url)"),
    ("AnyUrl", "str (url)"),
    ("IPvAnyAddress", "str (ip)"),
    ("SecretStr", "str"),
    ("Json", "str (json)"),
    ("Json[list[int]]", "str (json)"),
    ("PositiveInt", "int"),
    ("constr(min_length=1)", "str"),
    ("conint(ge=0)", "int"),
    ("conlist(int, min_length=1)", "list[int]"),
    ("conset(str)", "set[str]"),
    ("AwareDatetime", "datetime"),
    ("pydantic.FilePath", "str"),
    # SQLAlchemy
    ("String", "str"),
    ("sa.String(255)", "str"),
    ("BigInteger()", "int"),
    ("Numeric(10, 2)", "decimal"),
    ("DateTime(timezone=True)", "datetime"),
    ("postgresql.JSONB", "any"),
    ("ARRAY(String)", "list[str]"),
    ("ARRAY(String(3))", "list[str]"),
    ("LargeBinary", "bytes"),
    ("Uuid(as_uuid=True)", "uuid"),
    ('Enum("a", "b", name="c")', '"a" | "b"'),
    ("Enum(Role)", "Role"),
    ("MutableDict.as_mutable(JSON)", "any"),
    ("Column(String)", "str or null"),
    ("Column(String, nullable=False)", "str"),
    ("Column(Text, primary_key=True)", "str"),
    ('Column("id", Integer, ForeignKey("a.id"), nullable=False)', "int"),
    ("mapped_column(BigInteger, nullable=True)", "int or null"),
    ('Column(ForeignKey("a.id"), nullable=False)', "any"),
    # Peewee
    ("CharField", "str"),
    ("CharField(max_length=3)", "str"),
    ("TextField(null=True)", "str or null"),
    ("BigIntegerField()", "int"),
    ("DateTimeField", "datetime"),
    # what isn't said
    ("Callable[[int], str]", "`Callable`"),
    ("type[User]", "`type`"),
    ("list[", "`list[`"),
    ("x: int", "`x: int`"),
    ("3", "`3`"),
    ("lambda: 1", "`lambda: 1`"),
    ("  Optional[\n    str\n]  ", "str or null"),
    ("Optional[str]  # the name", "str or null"),
]


@pytest.mark.parametrize(("annotation", "wire"), CASES)
def test_annotations(annotation: str, wire: str) -> None:
    assert str(from_python(annotation)) == wire


def test_names_are_asked_first() -> None:
    known = {
        "Text": ref("app/models.py::Text"),
        "dt": Wire("datetime"),
        "models.Page": ref("app/models.py::Page"),
        "Role": Wire("literal", values=('"admin"', '"user"')),
    }
    assert from_python("Optional[Text]", known.get) == Wire("optional", (known["Text"],))
    assert from_python("dt", known.get).kind == "datetime"
    assert from_python("list['models.Page[int]']", known.get) == Wire(
        "list", (ref("app/models.py::Page", [Wire("int")]),)
    )
    assert str(from_python("Role | None", known.get)) == '"admin" | "user" or null'


def test_a_missing_annotation_is_any() -> None:
    assert from_python(None).kind == "any"
