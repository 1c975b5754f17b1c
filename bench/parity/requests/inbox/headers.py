"""Headers and cookies."""

from __future__ import annotations

from typing import Annotated, Optional

from fastapi import APIRouter, Cookie, Header

from inbox.answers import shown
from inbox.models import CommonHeaders

router = APIRouter(prefix="/header")


# features: header, str
@router.get("/str")
async def header_str(x_token: str = Header()):
    return shown(x_token=x_token)


# features: header, str, optional
@router.get("/optional")
async def header_optional(x_token: Annotated[Optional[str], Header()] = None):
    return shown(x_token=x_token)


# features: header, int, default, limit
@router.get("/int")
async def header_int(x_count: int = Header(3, ge=1)):
    return shown(x_count=x_count)


# features: header, str, alias, limit
@router.get("/alias")
async def header_alias(token: str = Header(alias="X-Api-Key", min_length=4)):
    return shown(token=token)


# features: header, list
@router.get("/list")
async def header_list(x_tag: list[str] = Header([])):
    return shown(x_tag=x_tag)


# features: header, underscore
@router.get("/underscore")
async def header_underscore(strange_header: Optional[str] = Header(None, convert_underscores=False)):
    return shown(strange_header=strange_header)


# features: header, model, default, limit
@router.get("/model")
async def header_model(headers: Annotated[CommonHeaders, Header()]):
    return shown(host_name=headers.host_name, x_tag=headers.x_tag, retries=headers.retries)


# features: cookie, str, optional
@router.get("/cookie-optional")
async def cookie_optional(session: str | None = Cookie(None)):
    return shown(session=session)


# features: cookie, str
@router.get("/cookie")
async def cookie_str(session: Annotated[str, Cookie()]):
    return shown(session=session)


# features: cookie, int, default, limit
@router.get("/cookie-int")
async def cookie_int(visits: int = Cookie(0, le=10)):
    return shown(visits=visits)


# features: cookie, str, alias
@router.get("/cookie-alias")
async def cookie_alias(ads: str = Cookie("none", alias="ads-id")):
    return shown(ads=ads)


# features: header, cookie, query, several
@router.get("/all")
async def header_all(q: int, x_token: str = Header(), session: str = Cookie("s")):
    return shown(q=q, x_token=x_token, session=session)
