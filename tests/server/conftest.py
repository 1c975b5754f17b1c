"""What tests of the server share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A session on the small project, indexed."""
    return Desk(tmp_path).start()
