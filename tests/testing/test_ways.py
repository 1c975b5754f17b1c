"""Ways through gates: what a request must carry, and which rows must be there, for each answer."""

from __future__ import annotations

from port_lsp.testing.ways import Way, Ways
from port_lsp.testing.world import Token, World
from port_lsp.types import auth as t
from port_lsp.types.schema import FieldSchema, MemberSchema, ModelSchema
from port_lsp.types.settings import Setting
from port_lsp.types.wire import BOOL, INT, STR, ref

BEARER = t.Carried((t.Source("bearer"),))
KEY = t.Carried((t.Source("header", "x-key"),))
CLAIMS = t.Claims(BEARER, t.Setting("SECRET"), ("HS256",))
USER = t.Row("m::User", (("id", t.Part(CLAIMS, "sub")),))
NO = t.Refuse(401, '"no"')
MODELS = {
    "m::User": ModelSchema(
        "m::User",
        "sqlalchemy",
        "User",
        tuple(
            FieldSchema(name, wire, nullable=False, required=True)
            for name, wire in (("id", INT), ("role", ref("m::Role")), ("active", BOOL))
        ),
        table="users",
    ),
    "m::Role": ModelSchema(
        "m::Role",
        "enum",
        "Role",
        members=(MemberSchema("USER", '"user"'), MemberSchema("ADMIN", '"admin"')),
    ),
    "m::Thing": ModelSchema(
        "m::Thing",
        "sqlalchemy",
        "Thing",
        (
            FieldSchema("id", STR, nullable=False, required=True),
            FieldSchema("owner", INT, nullable=False, required=True),
        ),
        table="things",
    ),
}


def ways(
    tree: t.Tree, *, handler: t.Tree | None = None, gates: tuple[t.Gate, ...] = ()
) -> list[Way]:
    own = t.Gate("k", "k", tree)
    settings = {"OPEN": Setting("open", "OPEN", "", "bool", default=True)}
    every = {one.key: one for one in (*gates, own)}
    return list(Ways(every).through(("k",), handler, World(MODELS.get, settings)))


def answers(found: list[Way]) -> list[tuple[int, str]]:
    return [
        (one.answer.status if isinstance(one.answer, t.Refuse) else 0, one.why) for one in found
    ]


def signed(inner: t.Tree) -> t.Tree:
    """Asks for a good token of a user that is there."""
    known = t.Branch(t.Missing(USER), t.Refuse(401, '"nobody"'), inner)
    good = t.Branch(t.Bad(CLAIMS), t.Refuse(401, '"bad"'), known)
    return t.Branch(t.Missing(BEARER), NO, good)


def test_a_token_of_somebody_who_is_there() -> None:
    found = ways(signed(t.Pass(USER)))
    assert answers(found) == [
        (401, "without credentials"),
        (401, "with a bad token"),
        (401, "of an unknown user"),
        (0, ""),
    ]
    good = found[-1]
    source, token = good.carried[0]
    assert source.place == "bearer"
    assert isinstance(token, Token)
    assert dict(token.claims)["sub"] == '"1"'  # as its column is one of numbers
    assert good.rows[0].values == (("id", '"1"'),)
    assert found[2].rows == ()


def test_a_role_is_another_of_the_enum() -> None:
    role = t.Branch(t.Among(t.Part(USER, "role"), ("admin",)), t.Pass(USER), NO)
    found = ways(signed(role))
    assert dict(found[-2].rows[0].values)["role"] == '"admin"'
    assert answers(found)[-1] == (401, "with another role")
    assert dict(found[-1].rows[0].values)["role"] == '"user"'


def test_a_setting_is_what_the_backend_has_by_default() -> None:
    tree = t.Branch(t.Flag(t.Setting("OPEN")), t.Pass(), NO)
    assert answers(ways(tree)) == [(0, "")]
    unknown = t.Branch(t.Flag(t.Setting("CLOSED")), t.Pass(), NO)
    assert ways(unknown) == []


def test_what_isnt_known_is_no_way() -> None:
    assert ways(t.Hole((), NO, "whether")) == []
    tree = t.Branch(t.Missing(KEY), NO, t.Hole((), NO, "what"))
    assert answers(ways(tree)) == [(401, "without credentials")]


def test_a_key_that_a_setting_says() -> None:
    tree = t.Branch(t.Same(KEY, t.Setting("KEY")), t.Pass(), NO)
    right, wrong = ways(tree)
    assert right.carried == ((KEY.sources[0], t.Setting("KEY")),)
    assert wrong.carried == ((KEY.sources[0], "something else"),)


def test_rows_that_a_handler_looks_up() -> None:
    path = t.Carried((t.Source("path", "thing_id"),))
    thing = t.Row("m::Thing", (("id", path),))
    mine = t.Same(t.Part(thing, "owner"), t.Part(t.Given("k"), "id"))
    handler = t.Branch(
        t.Missing(thing),
        t.Refuse(404, '"none"'),
        t.Branch(mine, t.Pass(), t.Refuse(403, '"not yours"')),
    )
    found = [one for one in ways(signed(t.Pass(USER)), handler=handler) if one.in_handler]
    assert answers(found) == [
        (404, "without that thing"),
        (0, "as it is meant"),
        (403, "with another owner"),
    ]
    text = (path.sources[0], "some-thing-id")
    assert all(text in one.carried for one in found)
    assert [row.model for row in found[1].rows] == ["m::User", "m::Thing"]
    assert dict(found[1].rows[1].values) == {"id": '"some-thing-id"', "owner": '"1"'}
    assert found[0].rows == found[1].rows[:1]


def test_a_gate_behind_another() -> None:
    inner = t.Gate("user", "user", signed(t.Pass(USER)))
    flag = t.Flag(t.Part(t.Given("user"), "active"))
    tree = t.Through("user", t.Branch(flag, t.Pass(t.Given("user")), NO))
    found = ways(tree, gates=(inner,))
    assert answers(found)[-2:] == [(0, "as active"), (401, "not active")]
    assert [dict(one.rows[0].values)["active"] for one in found[-2:]] == ["true", "false"]


def test_a_row_that_is_there_isnt_missing_further_on() -> None:
    same = t.Row("m::User", (("id", t.Text("1")),))
    tree = t.Branch(t.Missing(same), NO, t.Pass())
    handler = t.Branch(t.Missing(same), t.Refuse(404, '"none"'), t.Pass())
    found = ways(tree, handler=handler)
    assert [one for one, _ in answers(found)] == [401, 0]


def test_a_column_that_isnt_known_is_no_way() -> None:
    other = t.Row("m::User", (("nothing", t.Text("1")),))
    assert ways(t.Branch(t.Missing(other), NO, t.Pass())) == []
