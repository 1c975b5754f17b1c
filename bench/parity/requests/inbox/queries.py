"""Queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Optional
from uuid import UUID

from fastapi import APIRouter, Query

from inbox.answers import shown
from inbox.models import Colour, Filters, Level, Positive

router = APIRouter(prefix="/query")


# features: query, int
@router.get("/int")
async def query_int(page: int):
    return shown(page=page)


# features: query, int, default
@router.get("/int-default")
async def query_int_default(page: int = 1):
    return shown(page=page)


# features: query, int, default, limit
@router.get("/int-limits")
async def query_int_limits(page: int = Query(1, ge=1, le=100)):
    return shown(page=page)


# features: query, int, limit, optional
@router.get("/int-optional")
async def query_int_optional(page: Annotated[Optional[int], Query(gt=3)] = None):
    return shown(page=page)


# features: query, int, limit, multiple
@router.get("/int-multiple")
async def query_int_multiple(step: int = Query(multiple_of=5)):
    return shown(step=step)


# features: query, str
@router.get("/str")
async def query_str(q: str):
    return shown(q=q)


# features: query, str, default
@router.get("/str-default")
async def query_str_default(q: str = "all"):
    return shown(q=q)


# features: query, str, limit, default
@router.get("/str-limits")
async def query_str_limits(q: str = Query("abc", min_length=3, max_length=5)):
    return shown(q=q)


# features: query, str, limit, pattern
@router.get("/str-pattern")
async def query_str_pattern(q: str = Query(pattern="^[a-z]+$")):
    return shown(q=q)


# features: query, str, alias, limit
@router.get("/str-alias")
async def query_str_alias(q: str = Query(alias="item-query", max_length=4)):
    return shown(q=q)


# features: query, str, optional
@router.get("/str-optional")
async def query_str_optional(q: str | None = None, more: Optional[str] = Query(None)):
    return shown(q=q, more=more)


# features: query, int, alias, limit
@router.get("/int-alias")
async def query_int_alias(size: int = Query(10, alias="pageSize", le=50)):
    return shown(size=size)


# features: query, bool, default
@router.get("/bool")
async def query_bool(exact: bool = False, deep: bool = True):
    return shown(exact=exact, deep=deep)


# features: query, float, limit
@router.get("/float")
async def query_float(ratio: float = Query(ge=0, lt=1)):
    return shown(ratio=ratio)


# features: query, list, str
@router.get("/list")
async def query_list(tag: list[str] = Query()):
    return shown(tag=tag)


# features: query, list, str, default
@router.get("/list-default")
async def query_list_default(tag: list[str] = Query(["a", "b"])):
    return shown(tag=tag)


# features: query, list, int, limit, default
@router.get("/list-int")
async def query_list_int(ids: Annotated[list[int], Query(max_length=3)] = []):
    return shown(ids=ids)


# features: query, list, str, optional
@router.get("/list-optional")
async def query_list_optional(tag: Optional[list[str]] = Query(None)):
    return shown(tag=tag)


# features: query, set, int
@router.get("/set")
async def query_set(ids: set[int] = Query(set())):
    return shown(ids=sorted(ids))


# features: query, enum, default
@router.get("/enum")
async def query_enum(colour: Colour = Colour.RED):
    return shown(colour=colour)


# features: query, enum, optional, int
@router.get("/int-enum")
async def query_int_enum(level: Optional[Level] = None):
    return shown(level=level)


# features: query, literal, default
@router.get("/literal")
async def query_literal(order: Literal["asc", "desc"] = "asc"):
    return shown(order=order)


# features: query, date
@router.get("/date")
async def query_date(day: date, until: Optional[date] = None):
    return shown(day=day, until=until)


# features: query, datetime
@router.get("/datetime")
async def query_datetime(at: datetime):
    return shown(at=at)


# features: query, uuid
@router.get("/uuid")
async def query_uuid(ident: UUID):
    return shown(ident=ident)


# features: query, int, annotated, limit
@router.get("/positive")
async def query_positive(count: Positive, other: Positive = 2):
    return shown(count=count, other=other)


# features: query, model, list, limit, default
@router.get("/model")
async def query_model(filters: Annotated[Filters, Query()]):
    return shown(
        limit=filters.limit, offset=filters.offset, order_by=filters.order_by, tags=filters.tags
    )


# features: query, several
@router.get("/several")
async def query_several(a: int, b: str = Query(min_length=2), c: bool = False):
    return shown(a=a, b=b, c=c)


# features: query, int, str, union
@router.get("/union")
async def query_union(key: int | str):
    return shown(key=str(key))
