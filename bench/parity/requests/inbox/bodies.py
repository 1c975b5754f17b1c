"""Bodies of JSON."""

from __future__ import annotations

from typing import Annotated, Any, Optional

from fastapi import APIRouter, Body, Query

from inbox.answers import shown
from inbox.models import Colour, Label, Letter, Named, Size, Strict, Times

router = APIRouter(prefix="/body")


# features: body, model
@router.post("/model")
async def body_model(size: Size):
    return shown(size=size)


# features: body, model, limit
@router.post("/model-limits")
async def body_model_limits(label: Label):
    return shown(label=label)


# features: body, model, nested, limit, list
@router.post("/nested")
async def body_nested(letter: Letter):
    return shown(letter=letter)


# features: body, model, alias, limit
@router.put("/alias")
async def body_alias(named: Named):
    return shown(named=named)


# features: body, model, forbid
@router.post("/strict")
async def body_strict(strict: Strict):
    return shown(strict=strict)


# features: body, model, date, decimal
@router.post("/times")
async def body_times(times: Times):
    return shown(times=times)


# features: body, model, optional
@router.post("/optional")
async def body_optional(size: Optional[Size] = None):
    return shown(size=size)


# features: body, model, optional, limit
@router.post("/optional-limits")
async def body_optional_limits(label: Label | None = None):
    return shown(label=label)


# features: body, list, model
@router.post("/list")
async def body_list(sizes: list[Size]):
    return shown(sizes=sizes)


# features: body, list, model, limit
@router.post("/list-limits")
async def body_list_limits(labels: list[Label]):
    return shown(labels=labels)


# features: body, list, str
@router.post("/list-str")
async def body_list_str(names: list[str]):
    return shown(names=names)


# features: body, int
@router.post("/int")
async def body_int(number: int = Body()):
    return shown(number=number)


# features: body, int, limit
@router.post("/int-limits")
async def body_int_limits(number: Annotated[int, Body(ge=1)]):
    return shown(number=number)


# features: body, int, default
@router.post("/int-default")
async def body_int_default(number: int = Body(7)):
    return shown(number=number)


# features: body, int, limit, default
@router.post("/int-limits-default")
async def body_int_limits_default(number: int = Body(7, le=9)):
    return shown(number=number)


# features: body, list, str, limit
@router.post("/list-str-limits")
async def body_list_str_limits(names: Annotated[list[str], Body(min_length=1, max_length=2)]):
    return shown(names=names)


# features: body, dict
@router.post("/dict")
async def body_dict(values: dict[str, int]):
    return shown(values=values)


# features: body, any
@router.post("/any")
async def body_any(values: dict[str, Any]):
    return shown(values=values)


# features: body, embed, model
@router.post("/embed")
async def body_embed(size: Size = Body(embed=True)):
    return shown(size=size)


# features: body, embed, str, limit
@router.post("/embed-str")
async def body_embed_str(name: str = Body(embed=True, min_length=2)):
    return shown(name=name)


# features: body, embed, optional
@router.post("/embed-optional")
async def body_embed_optional(name: Optional[str] = Body(None, embed=True)):
    return shown(name=name)


# features: body, several, model
@router.post("/two")
async def body_two(size: Size, label: Label):
    return shown(size=size, label=label)


# features: body, several, model, int, limit
@router.post("/three")
async def body_three(size: Size, colour: Colour = Body(), importance: int = Body(gt=0)):
    return shown(size=size, colour=colour, importance=importance)


# features: body, several, default, optional
@router.post("/all-optional")
async def body_all_optional(size: Optional[Size] = None, note: str = Body("none", alias="remark")):
    return shown(size=size, note=note)


# features: body, query, model, several
@router.post("/with-query")
async def body_with_query(size: Size, q: int = Query(ge=2), dry: bool = False):
    return shown(size=size, q=q, dry=dry)


# features: body, path, model
@router.put("/with-path/{number}")
async def body_with_path(number: int, label: Label):
    return shown(number=number, label=label)
