"""port-lsp.toml: read live, its mistakes shown in it."""

from __future__ import annotations

from pathlib import Path

from tests.server.client import VSCODE
from tests.server.desk import PROJECT, Desk
from tests.server.test_diagnostics import pull, pull_all

CONFIG = "port-lsp.toml"
NOTES = "backend/app/routers/notes.py"
WITH_CONFIG = PROJECT + '//- /port-lsp.toml\nbackend = "backend"\ncrate = "crate"\n'


def test_an_unsaved_configuration_counts(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open(NOTES)
    desk.open(CONFIG)
    assert (5, "not ported") in desk.lenses(NOTES)
    desk.replace(
        CONFIG,
        'crate = "crate"\n',
        'crate = "crate"\n[[ignore]]\nitem = "search_notes"\nreason = "no search"\n',
    )
    assert (5, "won't be ported: no search") in desk.lenses(NOTES)
    assert desk.rules(NOTES) == []
    desk.session.close(desk.uri(CONFIG))
    assert (5, "not ported") in desk.lenses(NOTES)


def test_a_configuration_that_changes_on_disk_counts(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    path = Path(desk.path(CONFIG))
    path.write_text(
        path.read_text("utf-8") + '[pin]\n"search_notes" = "main.rs::metrics"\n', "utf-8"
    )
    desk.session.changed_on_disk([str(path)])
    assert (5, "→ main.rs:15 · drifted: path-drift") in desk.lenses(NOTES)


def test_mistakes_are_shown_in_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open(CONFIG)
    assert desk.pushed(CONFIG) in (None, [])
    desk.replace(CONFIG, 'crate = "crate"', 'crate = "crate"\nprefix = 1')
    found = desk.pushed(CONFIG)
    assert found is not None
    assert [(d.range.start.line, d.range.end.character, d.code) for d in found] == [
        (2, len("prefix = 1"), "configuration")
    ]
    assert "did you mean `prefixes`" in found[0].message
    status = desk.outbox.of("portLsp/status")[-1]
    assert status.health == "warning"
    assert "port-lsp.toml:3" in status.message
    desk.replace(CONFIG, "prefix = 1", "")
    assert desk.pushed(CONFIG) == []
    assert desk.outbox.of("portLsp/status")[-1].health == "ok"


def test_while_it_is_no_toml_the_rest_goes_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open(CONFIG)
    desk.open(NOTES)
    desk.replace(CONFIG, 'backend = "backend"', 'backend = "back')
    found = desk.pushed(CONFIG)
    assert found is not None
    assert [d.range.start.line for d in found] == [0]
    assert (10, "→ routes/notes.rs:7 · drifted: method-drift") in desk.lenses(NOTES)


def test_who_pulls_gets_the_mistakes_of_a_closed_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG.replace("backend =", "bakend ="), VSCODE).start()
    assert pull_all(desk)[CONFIG]["rules"] == ["configuration"]
    desk.open(CONFIG)
    assert pull(desk, CONFIG)["rules"] == ["configuration"]


def test_a_pin_that_names_nothing_is_shown_in_it_until_it_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open(CONFIG)
    desk.open(NOTES)
    desk.replace(
        CONFIG, 'crate = "crate"', 'crate = "crate"\n[pin]\n"search_note" = "main.rs::metrics"'
    )
    found = desk.pushed(CONFIG)
    assert found is not None
    assert [(d.range.start.line, d.range.end.character) for d in found] == [(3, 34)]
    assert "no item `search_note` in the backend; did you mean" in found[0].message
    desk.replace(CONFIG, "search_note", "search_notes")
    assert desk.pushed(CONFIG) == []
    desk.replace(NOTES, "def search_notes", "def find_notes")
    again = desk.pushed(CONFIG)
    assert again is not None
    assert [d.range.start.line for d in again] == [3]


def test_a_comment_that_names_nothing_is_shown_where_it_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WITH_CONFIG).start()
    desk.open(NOTES)
    before = [rule for rule, *_ in desk.rules(NOTES)]
    desk.replace(NOTES, "def search_notes", "# port: main.rs::metric\ndef search_notes")
    found = desk.pushed(NOTES)
    assert found is not None
    (told,) = [d for d in found if d.code == "configuration"]
    assert "no item `main.rs::metric` in the crate" in told.message
    desk.replace(NOTES, "# port: main.rs::metric\n", "")
    assert [rule for rule, *_ in desk.rules(NOTES)] == before
