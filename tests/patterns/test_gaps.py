"""What a gap binds, and what others may speak of behind it."""

from __future__ import annotations

from pathlib import Path

from tests.patterns.test_objects import index_of, models, ported


def test_what_only_a_gap_reads_is_nothing_to_a_later_one(tmp_path: Path) -> None:
    body = """import requests
import somewhere


def load(path: str, url: str) -> str:
    with open(path, "rb") as file:
        params = {"a": "b"}
        name = f"{somewhere.name(url)}/x"
        answer = requests.post(name, files={"a": file}, data=params)
    if answer.ok:
        return somewhere.told(answer)
    return "bad"
"""
    text = models(ported(index_of(tmp_path, body), "load"))
    assert "let answer: Response<Bytes> =" in text
    assert "&answer)" in text
    assert "&name" not in text
