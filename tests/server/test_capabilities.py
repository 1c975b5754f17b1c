"""What a client can, as a flat record, also where it says things that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from port_lsp.server.capabilities import Client, announce, resolve
from port_lsp.server.places import places_of
from tests.server.client import NEOVIM, VSCODE


def test_a_client_that_says_nothing() -> None:
    nothing: list[Any] = [{}, {"capabilities": {}}, None, [], {"capabilities": [1]}, 7]
    for params in nothing:
        assert resolve(params) == Client()


def test_neovim() -> None:
    client = resolve({"capabilities": NEOVIM, "clientInfo": {"name": "Neovim"}})
    assert client.name == "Neovim"
    assert client.encoding == "utf-8"
    assert client.create_files
    assert client.document_changes  # not announced, but what creates files travels in there
    assert not client.pull_diagnostics
    assert not client.watch_files
    assert not client.refresh_lenses


def test_vscode() -> None:
    client = resolve({"capabilities": VSCODE})
    assert client.encoding == "utf-16"
    assert client.pull_diagnostics
    assert client.watch_relative
    assert client.refresh_lenses
    assert client.refresh_diagnostics
    assert client.register_implementation


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-8", "utf-16"], "utf-8"),
        (["utf-32", "utf-16"], "utf-32"),
        (["latin-1", {"a": 1}, "utf-32"], "utf-32"),
        (["latin-1"], "utf-16"),
        ([], "utf-16"),
        ("utf-8", "utf-16"),
    ],
)
def test_position_encodings(offered: Any, chosen: str) -> None:
    params = {"capabilities": {"general": {"positionEncodings": offered}}}
    client = resolve(params)
    assert client.encoding == chosen
    assert announce(client, implementation=False).position_encoding == chosen


def test_what_the_client_cannot_is_not_announced() -> None:
    nothing = announce(Client(), implementation=False)
    assert nothing.diagnostic_provider is None
    assert nothing.code_action_provider is None
    assert nothing.implementation_provider is None
    assert nothing.definition_provider is None  # pyright's and rust-analyzer's business
    assert nothing.document_symbol_provider is None
    assert nothing.experimental == {
        "portLsp": {
            "version": 1,
            "methods": [
                "portLsp/counterpart",
                "portLsp/plan",
                "portLsp/preview",
                "portLsp/status",
                "portLsp/didChangeIndex",
            ],
        }
    }


def test_places() -> None:
    folders = [{"uri": "file:///w/a", "name": "a"}, {"uri": "untitled:x"}, {"uri": "file:///w/b"}]
    found = places_of({"workspaceFolders": folders, "rootUri": "file:///other"}, None, None)
    assert found.folders == ("/w/a", "/w/b")
    found = places_of({"rootUri": "file:///w", "initializationOptions": {"crate": "c"}}, "/b", None)
    assert (found.folders, found.backend, found.crate) == (("/w",), "/b", "/w/c")
    assert places_of({"rootPath": "/w/x/.."}, None, None).folders == ("/w",)
    assert len(places_of({"rootUri": 7, "workspaceFolders": "x"}, None, None).folders) == 1
