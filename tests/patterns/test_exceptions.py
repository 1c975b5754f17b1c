"""Exceptions of the backend's own, and of libraries: how they are raised, and which an `except`
takes. Both sides' answers are compared in acceptance/test_raising.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patterns.test_objects import index_of, models, ported

_OWN = """class ShopError(Exception):
    pass


class Missing(ShopError):
    pass


def asked(id: int) -> int:
    if id == 0:
        raise Missing("nothing there")
    return id
"""


def test_an_own_exception_is_known_by_its_name(tmp_path: Path) -> None:
    body = f"""{_OWN}

def tried(id: int) -> int:
    try:
        return asked(id)
    except ShopError:
        return 1
"""
    text = models(ported(index_of(tmp_path, body), "tried"))
    assert 'AppError::Exception("Missing", "nothing there".into())' in text
    assert 'matches!(error, AppError::Exception("Missing" | "ShopError", _))' in text


def test_what_is_below_one_of_pythons_is_taken_with_it(tmp_path: Path) -> None:
    body = """class Taken(ArithmeticError):
    pass


def helper(id: int) -> int:
    if id == 0:
        raise Taken("zero")
    return id


def tried(id: int) -> int:
    try:
        return helper(id)
    except ArithmeticError:
        return 1
"""
    text = models(ported(index_of(tmp_path, body), "tried"))
    _, _, asked = text.partition("matches!(")
    assert '"ArithmeticError"' in asked
    assert '"Taken"' in asked.partition("{")[0]


@pytest.mark.parametrize(
    "more",
    [
        '@app.exception_handler(Missing)\nasync def answered(request, exc):\n    return {}\n',
        '@app.exception_handler(Exception)\nasync def answered(request, exc):\n    return {}\n',
        '@app.exception_handler(500)\nasync def answered(request, exc):\n    return {}\n',
        "def answered(request, exc):\n    return {}\n\n\n"
        "app.add_exception_handler(ShopError, answered)\n",
    ],
)  # fmt: skip
def test_what_is_answered_otherwise_is_left(tmp_path: Path, more: str) -> None:
    text = models(ported(index_of(tmp_path, f"{_OWN}\n\n{more}"), "asked"))
    assert '// if id == 0:\n    //     raise Missing("nothing there")' in text or "todo!" in text


def test_what_the_application_is_given_an_answer_for_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "from fastapi import FastAPI\n"
    monkeypatch.setattr("tests.patterns.test_objects._HEAD", head)
    more = (
        "def answered(request, exc):\n    return {}\n\n\n"
        "app = FastAPI(exception_handlers={Missing: answered})\n\n\n"
        "@app.get('/asked')\ndef get(id: int) -> int:\n    return asked(id)\n"
    )
    text = models(ported(index_of(tmp_path, f"{_OWN}\n\n{more}"), "asked"))
    assert "todo!" in text


@pytest.mark.parametrize(
    "init",
    [
        "    def __init__(self, id: int):\n        super().__init__(id)\n",
        "    def __init__(self, id: int):\n        self.text = f'{id}'\n",
        "    def __str__(self):\n        return 'other'\n",
    ],
)
def test_what_says_more_than_a_text_is_left(tmp_path: Path, init: str) -> None:
    body = f"""class Limit(Exception):
{init}

def asked(id: int) -> int:
    if id == 0:
        raise Limit(3)
    return id
"""
    assert "todo!" in models(ported(index_of(tmp_path, body), "asked"))


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("store.errors.Gone", 'matches!(error, AppError::Exception("Gone", _))'),
        (
            "httpx.HTTPStatusError",
            'matches!(error, AppError::Exception("httpx.HTTPStatusError", _))',
        ),
        ("requests.exceptions.SSLError", "let asked: bool = async { todo!"),  # which isn't told
        ("socket.gaierror", 'matches!(error, AppError::Exception("gaierror", _))'),
        ("binascii.Error", "let asked: bool = async { todo!"),  # the ValueError of base64
    ],
)
def test_a_librarys_exception_is_known_by_its_name(tmp_path: Path, name: str, asked: str) -> None:
    body = f"""import {name.partition(".")[0]}


def helper(id: int) -> int:
    return {name.partition(".")[0]}.load(id)


def tried(id: int) -> int:
    try:
        return helper(id)
    except {name}:
        return 1
"""
    assert asked in models(ported(index_of(tmp_path, body), "tried"))


def test_an_attribute_of_the_object_comes_before_the_classs(tmp_path: Path) -> None:
    body = """class Limit(Exception):
    code = 400

    def __init__(self, text: str):
        self.code = 500
        super().__init__(f"{self.code} {text}")


def asked(id: int) -> int:
    if id == 0:
        raise Limit("a")
    return id
"""
    assert "todo!" in models(ported(index_of(tmp_path, body), "asked"))


_ASKING = """import requests


def tried(url: str) -> int:
    try:
        r = requests.get(url, timeout=5)
        r.raise_for_status()
        return r.status_code
    except {first}:
        return 1
    except {second}:
        return 2
    except Exception:
        return 3
"""


def test_a_request_names_the_very_class_that_it_fails_with(tmp_path: Path) -> None:
    body = _ASKING.format(first="requests.exceptions.Timeout", second="requests.ConnectionError")
    text = models(ported(index_of(tmp_path, body), "tried"))
    assert 'matches!(error, AppError::Exception("requests.ReadTimeout", _))' in text
    assert 'matches!(error, AppError::Exception("requests.ConnectionError", _))' in text


def test_what_reqwest_cannot_tell_apart_is_asked_for(tmp_path: Path) -> None:
    body = _ASKING.format(first="requests.ConnectionError", second="requests.Timeout")
    text = models(ported(index_of(tmp_path, body), "tried"))
    assert "let asked: bool = async { todo!" in text  # it may be a ConnectTimeout, which is both


def test_pythons_own_classes_take_those_of_libraries(tmp_path: Path) -> None:
    body = _ASKING.format(first="ValueError", second="OSError")
    text = models(ported(index_of(tmp_path, body), "tried"))
    of_values, _, of_system = text.partition("matches!(")[2].partition("matches!(")
    assert '"requests.InvalidURL"' in of_values
    assert '"requests.HTTPError"' not in of_values
    assert '"requests.HTTPError"' in of_system
    assert '"httpx.' not in text  # which nobody imports


def test_below_ones_of_the_backends_own_are_taken(tmp_path: Path) -> None:
    body = f"""import requests


class Refused(requests.exceptions.HTTPError):
    pass


{_ASKING.format(first="requests.RequestException", second="KeyError").partition("requests")[2]}"""
    text = models(ported(index_of(tmp_path, body.lstrip()), "tried"))
    assert '"Refused"' in text


def test_a_variable_that_is_called_error_is_another_one(tmp_path: Path) -> None:
    body = f"""{_OWN}

def tried(id: int) -> str:
    error = "none"
    number = 0
    try:
        number = asked(id)
    except ShopError as e:
        error = str(e)
    return error
"""
    text = models(ported(index_of(tmp_path, body), "tried"))
    _, _, made = text.partition("fn tried(")
    assert "Err(error)" not in made
    assert "Err(try_error)" in made
