"""Dependencies that several modules share."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query

MOST = 20
PerPage = Literal["few", "many"]


def paged(
    skip: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(le=MOST)] = MOST
) -> tuple[int, int]:
    return skip, limit


class Page:
    def __init__(self, number: int = Query(1, ge=1), per_page: PerPage = "few") -> None:
        self.number = number
        self.per_page = per_page
