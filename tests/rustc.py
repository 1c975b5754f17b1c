"""What tests need of the machine to compile Rust."""

from __future__ import annotations

import os
import shutil

import pytest


def needs_cargo() -> None:
    """Leaves a test out on a machine without Rust; in CI, where nothing is left out, it fails."""
    if shutil.which("cargo") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("cargo isn't there")
        pytest.skip("left out: no cargo")
