"""Which of the files are part of a side."""

import pytest

from port_lsp.index.membership import backend_files, crate_files, is_test_module


def test_folders_of_tests_are_no_part_of_the_backend() -> None:
    paths = [
        "app/main.py",
        "app/test_mode.py",
        "app/conftest.py",
        "app/tests/__init__.py",
        "app/tests/factories.py",
        "app/tests/api/test_users.py",
        "test/helpers.py",
        "test/sub/conftest.py",
    ]
    assert backend_files(paths) == ["app/main.py", "app/test_mode.py"]


def test_an_application_may_be_about_tests() -> None:
    paths = ["app/tests/router.py", "app/tests/models.py", "app/main.py", "src/x.rs"]
    assert backend_files(paths) == paths[:3]


@pytest.mark.parametrize(
    ("path", "text", "is_test"),
    [
        ("app/test_users.py", b"def test_one(): ...", True),
        ("app/test_users.py", b"import pytest\n", True),
        ("app/users_test.py", b"class TestUsers: ...", True),
        ("app/test_connection.py", b"router = APIRouter()\n", False),
        ("app/users.py", b"def test_one(): ...", False),
    ],
)
def test_a_module_named_like_a_test_is_one_if_it_holds_tests(
    path: str, text: bytes, is_test: bool
) -> None:
    assert is_test_module(path, text) is is_test


def test_what_cargo_builds_beside_a_crate_is_no_part_of_it() -> None:
    paths = [
        "Cargo.toml",
        "src/main.rs",
        "src/tests/mod.rs",
        "src/routes/examples/mod.rs",
        "tests/api.rs",
        "benches/speed.rs",
        "examples/demo.rs",
        "member/Cargo.toml",
        "member/src/lib.rs",
        "member/tests/it/main.rs",
        "other/tests/x.rs",
        "src/x.py",
    ]
    assert crate_files(paths) == [
        "src/main.rs",
        "src/tests/mod.rs",
        "src/routes/examples/mod.rs",
        "member/src/lib.rs",
        "other/tests/x.rs",
    ]
