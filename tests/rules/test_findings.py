"""What each rule finds, and what becomes of it in the links."""

import msgspec

from port_lsp.config import Config, RuleLevel
from port_lsp.facts.items import Endpoint, Model, Side, Unmounted
from port_lsp.facts.links import Finding
from port_lsp.facts.source import Place
from port_lsp.linking.config import Ignore, LinkConfig
from port_lsp.text import Span
from tests.rules.sides import endpoint, judged

API = Place("src/main.rs", "main", Span(10, 20))
OUTER = Place("src/main.rs", "main", Span(30, 40))
INNER = Place("src/files.rs", "configure", Span(50, 60))


def of(rule: str, findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def sides(backend: list[Endpoint], crate: list[Endpoint]) -> tuple[Side, Side]:
    return Side(endpoints=tuple(backend)), Side(endpoints=tuple(crate))


def doubled() -> tuple[Side, Side]:
    trail = (("/api", API), ("/files", OUTER), ("/files", INNER))
    return sides(
        [
            endpoint("app/files.py", "GET /api/files/{id}", "get_file"),
            endpoint("app/files.py", "GET /api/files/search", "search"),
            endpoint("app/files.py", "GET /api/files/{id}/raw", "get_raw"),
        ],
        [
            endpoint("src/files.rs", "GET /api/files/files/{id}", "get_file", trail=trail),
            endpoint("src/files.rs", "GET /api/files/files/search", "search", trail=trail),
            endpoint("src/files.rs", "GET /api/files/files/{id}/raw", "get_raw", trail=trail),
        ],
    )


def test_a_doubled_scope_is_one_finding_with_all_its_routes() -> None:
    links, findings = judged(*doubled())
    (finding,) = of("path-drift", findings)
    assert finding.place == INNER
    assert finding.severity == "warning"
    assert "`/files` is there twice" in finding.message
    assert [one.side for one in finding.related] == ["crate"] * 3 + ["backend"] * 3
    assert [row.drift for row in links.endpoints] == [("path-drift",)] * 3
    assert {row.presence for row in links.endpoints} == {"ported"}
    assert not of("unported-endpoint", findings)
    assert not of("rust-only-route", findings)


def test_a_missing_prefix_is_one_finding_at_the_outermost_mount() -> None:
    trail = (("/items", OUTER),)
    backend, crate = sides(
        [
            endpoint("app/items.py", "GET /api/v1/items", "list_items"),
            endpoint("app/items.py", "POST /api/v1/items", "create_item"),
            endpoint("app/items.py", "GET /api/v1/items/{id}/log", "item_log"),
        ],
        [
            endpoint("src/items.rs", "GET /items", "list_items", trail=trail),
            endpoint("src/items.rs", "POST /items", "create_item", trail=trail),
            endpoint("src/items.rs", "GET /items/{id}/log", "item_log", trail=trail),
        ],
    )
    (finding,) = of("path-drift", judged(backend, crate)[1])
    assert finding.place == OUTER
    assert "`/api/v1` is missing" in finding.message


def test_a_missing_prefix_without_any_mount_is_one_finding_at_the_first_route() -> None:
    first, second = (Place("src/main.rs", "main", Span(at, at + 9)) for at in (100, 200))
    backend, crate = sides(
        [
            endpoint("app/main.py", "GET /api/items", "list_items"),
            endpoint("app/main.py", "GET /api/users", "list_users"),
        ],
        [
            endpoint("src/main.rs", "GET /items", "list_items", registered=first),
            endpoint("src/main.rs", "GET /users", "list_users", registered=second),
        ],
    )
    (finding,) = of("path-drift", judged(backend, crate)[1])
    assert finding.place == first


def test_a_renamed_prefix_is_one_finding_at_its_mount() -> None:
    trail = (("/api", API), ("/user", OUTER))
    backend, crate = sides(
        [
            endpoint("app/users.py", "GET /api/users", "list_users"),
            endpoint("app/users.py", "GET /api/users/{id}", "get_user"),
            endpoint("app/users.py", "GET /api/users/{id}/notes", "get_notes"),
        ],
        [
            endpoint("src/users.rs", "GET /api/user", "list_users", trail=trail),
            endpoint("src/users.rs", "GET /api/user/{id}", "get_user", trail=trail),
            endpoint("src/users.rs", "GET /api/user/{id}/notes", "get_notes", trail=trail),
        ],
    )
    links, findings = judged(backend, crate)
    (finding,) = of("path-drift", findings)
    assert finding.place == OUTER
    assert "3 routes have" in finding.message
    assert "`/api/user` is there instead of `/api/users`" in finding.message
    assert [row.drift for row in links.endpoints] == [("path-drift",)] * 3


def test_one_route_under_another_prefix_is_its_own_finding() -> None:
    place = Place("src/users.rs", "router", Span(7, 9))
    backend, crate = sides(
        [endpoint("app/users.py", "GET /api/users/{id}/notes", "get_notes")],
        [
            endpoint(
                "src/users.rs",
                "GET /api/user/{id}/notes",
                "get_notes",
                trail=(("/api", API), ("/user", OUTER)),
                registered=place,
            )
        ],
    )
    (finding,) = of("path-drift", judged(backend, crate)[1])
    assert finding.place == place
    assert "`GET /api/user/{id}/notes` has another path" in finding.message


def test_a_lost_suffix_is_a_finding_of_its_own_route() -> None:
    trail = (("/notes", OUTER),)
    place = Place("src/notes.rs", "router", Span(7, 9))
    backend, crate = sides(
        [endpoint("app/notes.py", "GET /notes/export/csv", "export_notes")],
        [
            endpoint(
                "src/notes.rs", "GET /notes/export", "export_notes", trail=trail, registered=place
            )
        ],
    )
    (finding,) = of("path-drift", judged(backend, crate)[1])
    assert finding.place == place
    assert "`/csv` is missing" in finding.message


def test_a_configured_prefix_is_no_drift() -> None:
    backend, crate = sides(
        [endpoint("app/auths.py", "GET /api/auths/me", "me")],
        [endpoint("src/auth.rs", "GET /api/auth/me", "me")],
    )
    config = Config(links=LinkConfig(prefixes=(("/api/auths", "/api/auth"),)))
    links, findings = judged(backend, crate, config)
    assert not findings
    assert links.endpoints[0].word == "ported"


def test_method_and_alias_and_rust_only() -> None:
    me, who = (Place("app/users.py", "me", Span(at, at + 9)) for at in (0, 20))
    backend, crate = sides(
        [
            endpoint("app/users.py", "PUT /users/{id}", "update_user"),
            endpoint("app/users.py", "GET /me", "me", registered=me),
            endpoint("app/users.py", "GET /whoami", "me", registered=who),
        ],
        [
            endpoint("src/users.rs", "POST /users/{id}", "update_user"),
            endpoint("src/users.rs", "GET /me", "me"),
            endpoint("src/metrics.rs", "GET /metrics", "metrics"),
        ],
    )
    _, findings = judged(backend, crate)
    (method,) = of("method-drift", findings)
    assert (method.side, method.item) == ("crate", "src/users.rs::update_user#POST /users/{id}")
    (alias,) = of("alias-not-mounted", findings)
    assert (alias.side, alias.place) == ("backend", who)
    (own,) = of("rust-only-route", findings)
    assert (own.severity, own.place.file) == ("hint", "src/metrics.rs")
    assert len(findings) == 3


def test_unported_names_the_decorator_where_a_handler_has_several() -> None:
    one, two = (Place("app/a.py", "both", Span(at, at + 9)) for at in (0, 20))
    backend, crate = sides(
        [
            endpoint("app/a.py", "GET /single", "single"),
            endpoint("app/a.py", "GET /one", "both", registered=one),
            endpoint("app/a.py", "GET /two", "both", registered=two),
        ],
        [endpoint("src/z.rs", "GET /other", "other")],
    )
    findings = of("unported-endpoint", judged(backend, crate)[1])
    assert [finding.place for finding in findings] == [backend.endpoints[0].place, one, two]


def test_a_stub_is_found_once_with_its_sign() -> None:
    backend, crate = sides(
        [endpoint("app/a.py", "GET /a", "a"), endpoint("app/a.py", "GET /b", "a")],
        [
            endpoint("src/a.rs", "GET /a", "a", stub="todo!()"),
            endpoint("src/a.rs", "GET /b", "a", stub="todo!()"),
        ],
    )
    links, findings = judged(backend, crate)
    (finding,) = of("stub-endpoint", findings)
    assert "todo!()" in finding.message
    assert [row.sign for row in links.endpoints] == ["todo!()"] * 2


def test_an_unreachable_route_is_a_hint_where_its_twin_is_reached() -> None:
    backend, crate = sides(
        [endpoint("app/a.py", "GET /a/", "a"), endpoint("app/b.py", "GET /b/all", "b")],
        [
            endpoint("src/a.rs", "GET /a", "a"),
            endpoint("src/a.rs", "GET /a/", "a", reachable=False),
            endpoint("src/b.rs", "GET /b/all", "b", reachable=False),
        ],
    )
    links, findings = judged(backend, crate)
    twin, lone = of("unreachable-route", findings)
    assert (twin.severity, lone.severity) == ("hint", "warning")
    assert "an earlier route takes it" in lone.message
    assert [row.drift for row in links.endpoints] == [(), ("unreachable-route",)]


def test_a_router_that_nothing_mounts_is_one_finding() -> None:
    backend = Side(endpoints=(endpoint("app/c.py", "GET /api/n/{id}/comments", "comments"),))
    loose = [
        endpoint("src/c.rs", "GET /{id}/comments", "comments"),
        endpoint("src/c.rs", "POST /{id}/likes", "like"),
    ]
    crate = Side(unmounted=tuple(Unmounted(one, "src/c.rs::router") for one in loose))
    links, findings = judged(backend, crate)
    (finding,) = of("unmounted-route", findings)
    assert finding.severity == "warning"
    assert "nothing mounts router" in finding.message
    assert links.endpoints[0].drift == ("unmounted-route",)
    assert links.endpoints[1].backend is None


def test_unported_models() -> None:
    model = Model("app/m.py::Form", "pydantic", "Form", Place("app/m.py", "Form"), ())
    _, findings = judged(Side(models=(model,)), Side())
    (finding,) = of("unported-model", findings)
    assert finding.severity == "hint"


def test_without_a_crate_there_is_nothing_to_find() -> None:
    backend, _ = doubled()
    links, findings = judged(backend, None)
    assert not findings
    assert [row.presence for row in links.endpoints] == ["unported"] * 3


def test_what_is_ignored_is_no_finding() -> None:
    backend, crate = sides(
        [endpoint("app/a.py", "GET /a/{id}", "a")], [endpoint("src/z.rs", "GET /z", "z")]
    )
    config = Config(links=LinkConfig(ignore=(Ignore("app/a.py::a", "of the old console"),)))
    links, findings = judged(backend, crate, config)
    assert not of("unported-endpoint", findings)
    assert (links.endpoints[0].word, links.endpoints[0].reason) == ("ignored", "of the old console")


def test_levels_of_the_configuration() -> None:
    backend, crate = doubled()
    off = Config(rules=(RuleLevel("path-drift", "off"),))
    links, findings = judged(backend, crate, off)
    assert not findings
    assert links.endpoints[0].word == "ported"
    hint = Config(rules=(RuleLevel("path-drift", "hint"),))
    links, findings = judged(backend, crate, hint)
    assert [finding.severity for finding in findings] == ["hint"]
    assert links.endpoints[0].drift == ()
    here = (RuleLevel("path-drift", "error", "src/files.rs"), RuleLevel("path-drift", "off"))
    links, findings = judged(backend, crate, Config(rules=here))
    assert [finding.severity for finding in findings] == ["error"]
    assert links.endpoints[0].drift == ("path-drift",)


def test_a_level_lifts_no_twin_above_a_hint() -> None:
    backend, crate = sides(
        [endpoint("app/a.py", "GET /a/", "a")],
        [
            endpoint("src/a.rs", "GET /a", "a"),
            endpoint("src/a.rs", "GET /a/", "a", reachable=False),
        ],
    )
    config = Config(rules=(RuleLevel("unreachable-route", "error"),))
    (finding,) = of("unreachable-route", judged(backend, crate, config)[1])
    assert finding.severity == "hint"


def test_judging_twice_gives_the_same() -> None:
    backend, crate = doubled()
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(crate), type=Side)
    assert judged(backend, crate) == judged(backend, again)
