"""Which names a chunk speaks of: words, told apart by what stands before them."""

from port_lsp.python.words import words_of


def test_what_stands_behind_a_dot_is_another_modules() -> None:
    words = words_of(b"value = settings.DEBUG + DEBUG_TOO")
    assert words.bare == {"value", "settings", "DEBUG_TOO"}
    assert words.dotted == {"DEBUG"}
    assert words.speak_of({"settings"}, set())
    assert not words.speak_of({"DEBUG"}, set())
    assert words.speak_of({"DEBUG"}, {"DEBUG"})


def test_a_parameter_is_no_name_of_the_module() -> None:
    words = words_of(b"def f(key, value: Kind = Depends(get), *rest, flag=flag) -> Out: pass")
    assert words.bare == {"def", "f", "Kind", "Depends", "get", "flag", "Out", "pass"}


def test_a_parameter_that_is_spoken_of_elsewhere_stays() -> None:
    assert "value" in words_of(b"def f(value): pass\n\nother = value").bare


def test_headers_with_text_are_not_taken_apart() -> None:
    words = words_of(b"def f(sep=')', value=1): pass")
    assert {"sep", "value"} <= words.bare
