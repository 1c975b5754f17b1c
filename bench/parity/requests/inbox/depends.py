"""Parameters that dependencies take."""

from __future__ import annotations

from typing import Annotated, Optional

from fastapi import APIRouter, Depends, Header, Query

from inbox.answers import shown
from inbox.paging import Page, paged

router = APIRouter(prefix="/depends")


def searched(q: Optional[str] = None, exact: bool = False) -> dict[str, object]:
    return {"q": q, "exact": exact}


# features: depends, query, default
@router.get("/function")
async def depends_function(search: dict[str, object] = Depends(searched)):
    return shown(q=search["q"], exact=search["exact"])


# features: depends, query, limit, other-module
@router.get("/module")
async def depends_module(page: Annotated[tuple[int, int], Depends(paged)]):
    return shown(skip=page[0], limit=page[1])


# features: depends, query, limit, class
@router.get("/class")
async def depends_class(page: Page = Depends(), name: str = Query("n", max_length=3)):
    return shown(name=name, number=page.number, per_page=page.per_page)


# features: depends, header, query
@router.get("/header")
async def depends_header(
    x_lang: str = Header("en"), search: dict[str, object] = Depends(searched)
):
    return shown(x_lang=x_lang, q=search["q"], exact=search["exact"])


# features: depends, query, default, same-name
@router.get("/clash")
async def depends_clash(exact: str = "no", search: dict[str, object] = Depends(searched)):
    return shown(exact=exact, q=search["q"], search_exact=search["exact"])


# features: depends, query, alias, same-name
@router.get("/alias")
async def depends_alias(
    q: int = Query(3, alias="number"), search: dict[str, object] = Depends(searched)
):
    return shown(q=q, search_q=search["q"], exact=search["exact"])


# features: depends, query, optional, same-name
@router.get("/alike")
async def depends_alike(q: Optional[str] = None, search: dict[str, object] = Depends(searched)):
    return shown(q=q, exact=search["exact"])
