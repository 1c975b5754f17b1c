"""The ground of a new crate: what its templates may do, and who may replace them."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.patterns.ground import GroundFacts, TemplateFailedError, ground
from port_lsp.patterns.ground.sandbox import Templates

FACTS = GroundFacts("notes", "axum", "/health", "sqlite", has_tables=True)


def test_a_template_of_the_projects_own(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "state.rs.jinja").write_text("// {{ package }}\n", "utf-8")
    files = ground(FACTS, str(tmp_path))
    assert files["src/state.rs"] == "// notes\n"
    assert files["src/error.rs"] == ground(FACTS)["src/error.rs"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("//\n{% if %}", 2, "Expected an expression"),
        ("//\n\n{{ pakage }}", 3, "'pakage' is undefined"),
        ("//\n{{ package / 2 }}", 2, "unsupported operand"),
        ("{{ package.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ ''.join(('a' * 10 ** 9,)) }}", 1, "doesn't end"),
        (
            "//\n{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}"
            "{% endfor %}{% endfor %}{% endfor %}",
            2,
            "doesn't end",
        ),
        ("//\n{% for a in range(99999) %}{{ package * 30 }}{% endfor %}", 2, "doesn't end"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", 1, "recursion"),
    ],
)
def test_a_mistake_in_a_template(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = tmp_path / "state.rs.jinja"
    file.write_text(text, "utf-8")
    with pytest.raises(TemplateFailedError) as caught:
        Templates([str(tmp_path)], 0.5).render("state.rs.jinja", {"package": "notes"})
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert said in str(caught.value)
