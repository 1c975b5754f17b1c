"""Paths."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from inbox.answers import shown
from inbox.models import Colour, Level

router = APIRouter(prefix="/path")


# features: path, int
@router.get("/int/{number}")
async def path_int(number: int):
    return shown(number=number)


# features: path, str
@router.get("/str/{name}")
async def path_str(name: str):
    return shown(name=name)


# features: path, int, limit
@router.get("/int-limits/{number}")
async def path_int_limits(number: Annotated[int, Path(ge=1, le=50)]):
    return shown(number=number)


# features: path, str, limit
@router.get("/str-limits/{name}")
async def path_str_limits(name: str = Path(min_length=2, max_length=5)):
    return shown(name=name)


# features: path, several, int, str
@router.get("/two/{number}/of/{name}")
async def path_two(name: str, number: int):
    return shown(number=number, name=name)


# features: path, several, limit
@router.get("/two-limits/{number}/of/{name}")
async def path_two_limits(number: int, name: str = Path(pattern="^[a-z]*$")):
    return shown(number=number, name=name)


# features: path, enum
@router.get("/enum/{colour}")
async def path_enum(colour: Colour):
    return shown(colour=colour)


# features: path, enum, int
@router.get("/level/{level}")
async def path_level(level: Level):
    return shown(level=level)


# features: path, uuid
@router.get("/uuid/{ident}")
async def path_uuid(ident: UUID):
    return shown(ident=ident)


# features: path, date
@router.get("/date/{day}")
async def path_date(day: date):
    return shown(day=day)


# features: path, bool
@router.get("/bool/{flag}")
async def path_bool(flag: bool):
    return shown(flag=flag)


# features: path, float, limit
@router.get("/float/{ratio}")
async def path_float(ratio: float = Path(gt=0)):
    return shown(ratio=ratio)


# features: path, rest
@router.get("/rest/{where:path}")
async def path_rest(where: str):
    return shown(where=where)


# features: path, query, int, default
@router.get("/with-query/{number}")
async def path_with_query(number: int, q: str | None = None, short: bool = Query(False)):
    return shown(number=number, q=q, short=short)


# features: path, several, int
@router.get("/twin/{number}/of/{name}")
async def path_twin(number: int, name: str):
    return shown(number=number, name=name)


# features: path, several, int, limit
@router.delete("/twin/{first}/of/{second}")
async def path_twin_limits(first: Annotated[int, Path(ge=1, le=50)], second: str):
    return shown(first=first, second=second)
