"""Everyday Python: the same calls of a backend's functions and of those that are written for them
give the same, or fail alike, for values at the edges.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from acceptance.functions import by_python, by_rust, functions_of, kinds_of, ported
from tests.fixturefile import parse
from tests.rustc import needs_cargo

FIXTURE = Path(__file__).parent.parent / "tests/fixtures/writing/bodies/everyday.txt"
LEFT = frozenset(("given_away",))
"""Functions that stay a gap: what they do to a list that somebody else has got, too."""
_TEXTS = [
    "", " ", "a", "é", "aé", " \x1c\t ümlaut, und  mehr,\u2003", "AbC d\u00df\u0130", "/é a é/",
    "https://example.org/a/b", "a://", "😀x", "\x00", "'", "x{}y",
]  # fmt: skip
_LISTS: list[list[str]] = [
    [], [""], ["b", "a"], ["é", "", "z", "aa", "é"], ["x", "y", "zz", "xx", "Y"], ["", "", "b"],
]  # fmt: skip
_DICTS: list[dict[str, object]] = [
    {},
    {"model": "m", "name": None, "size": 0, "kind": "text", "list": ["x", "y"], "value": "é😀"},
    {"model": None, "size": -1, "kind": "other", "list": [], "value": [1, None, "a"], "b": 1},
    {"names": {"a": None}, "kind": ["text"], "list": "éa", "value": {"z": 1, "a": 2}, "a": ""},
    {"names": ["a", "b", 1], "kind": {}, "info": {"params": {"max": None}}, "a": [], "z": 0.0},
    {"names": "abc", "info": {"params": {}}, "value": None, "kind": True, "a": 0, "É": {"x": []}},
    {"names": 5, "info": {"params": {"max": 2.5}}, "value": 7, "list": {"0": 1}, "a": "0", "b": {}},
    {"info": {}, "value": {}, "list": None, "a": False, "b": True, "c": [0], "d": -0.5},
    {"info": None, "names": None, "value": True, "list": [None], "a": {"b": None}},
    {"info": [], "value": "", "z": "last", "a": "first", "m": 1},
]
_THINGS: list[list[dict[str, object]]] = [
    [],
    [{"id": "1", "size": 2, "owner": {"name": "é"}, "tags": ["x", ""]}],
    [
        {"id": "b", "size": -1, "owner": None, "tags": []},
        {"id": "a", "size": 3, "owner": {"name": "n", "email": "e"}, "tags": ["y"]},
        {"id": "É", "size": 3, "owner": {"name": ""}, "tags": ["x", "y"]},
    ],
]
_VALUES: dict[str, list[object]] = {
    "str": list(_TEXTS),
    "Optional[str]": [None, "", "é"],
    "int": [0, 1, -1, 5, -7],
    "Optional[int]": [None, 0, -2, 4],
    "float": [
        0.0,
        -0.0,
        1.0,
        0.1,
        2.675,
        -2.5,
        0.5,
        1.5,
        1e15,
        123456789012345.6,
        9999999999999998.0,
        1e16,
        1e22,
        1.7976931348623157e308,
        1e-4,
        1.5e-5,
        9.99e-7,
        5e-324,
    ],
    "list[str]": list(_LISTS),
    "dict": list(_DICTS),
    "Optional[dict]": [None, {}, {"é": 1, "a": None}],
    "list[Thing]": list(_THINGS),
}


_PROGRAM = """
import json, sys
from app import everyday

for line in sys.stdin:
    name, args = json.loads(line)
    kinds = everyday.__dict__[name].__annotations__.values()
    args = [[everyday.Thing(**one) for one in value] if kind == list[everyday.Thing] else value
            for kind, value in zip(kinds, args)]
    try:
        print(json.dumps([getattr(everyday, name)(*args)], default=lambda one: one.model_dump()))
    except Exception:  # whichever: what is compared is that it fails
        print("null")
"""


def test_the_same_comes_of_the_same(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    parse(FIXTURE.read_text(encoding="utf-8")).write_to(tmp_path)
    functions = functions_of(FIXTURE)
    called = [one for one in functions if one.name not in LEFT]
    calls = [
        (one.name, values)
        for one in called
        for values in product(*(_VALUES[kind] for kind in kinds_of(one)))
    ]
    lines = "".join(json.dumps(one) + "\n" for one in calls)
    rust = ported(tmp_path, functions)
    assert rust.count("todo!") == len(LEFT)
    theirs = by_python(tmp_path, _PROGRAM, lines)
    ours = by_rust(tmp_path, target, rust, called, lines)
    assert len(ours) == len(theirs) == len(calls)
    pairs = zip(calls, theirs, ours, strict=True)
    others = [one for one in pairs if json.dumps(one[1]) != json.dumps(one[2])]
    assert others == []
    failed = {name for (name, _), one in zip(calls, theirs, strict=True) if one is None}
    assert len(failed) > 10  # what fails is compared, too
