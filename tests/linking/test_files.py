"""The subjects of files."""

from port_lsp.linking.files import subject


def test_layers_are_no_subjects() -> None:
    for path in ("app/routers/users.py", "src/handlers/user_handler.rs", "src/users/mod.rs"):
        assert subject(path) == {"user"}


def test_folders_that_all_share_tell_nothing() -> None:
    assert subject("shop/orders/api.py", 1) == {"order"}
    assert subject("main.rs", 2) == {"main"}  # not in those folders: no `mod` declares it
