"""The databases that SQL is written for."""

from typing import Literal

Database = Literal["sqlite", "postgres"]
