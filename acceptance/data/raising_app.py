"""A backend whose handlers raise, catch and loop: see test_raising.py."""
# ruff: noqa: B904, BLE001, N818, PERF203 (what backends do in an `except` is what is asked)

import asyncio
import json
import logging
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

log = logging.getLogger(__name__)
app = FastAPI()


class Thing(BaseModel):
    id: str
    sizes: list[int]
    extra: dict[str, Any]
    note: str | None = None


def get_thing(id: str) -> Thing | None:
    if id == "":
        raise ValueError("no id")
    if id == "bad":
        raise ValueError(f"bad {id}")
    if id == "none":
        raise LookupError
    if id == "gone":
        raise HTTPException(status_code=410, detail="gone")
    if id == "there":
        return Thing(id=id, sizes=[1, 2], extra={})
    return None


def count(id: str) -> int:
    try:
        if id == "x":
            raise PermissionError(f"not {id}")
        if id == "y":
            raise FileNotFoundError("no y")
        if id == "z":
            raise RuntimeError("z")
    except FileNotFoundError:
        raise
    except OSError as e:
        raise Exception(e) from e
    return 1


@app.get("/chain/{id}")
def chain(id: str):
    try:
        thing = get_thing(id)
        if thing is None:
            raise HTTPException(status_code=404, detail="no thing")
    except HTTPException:
        raise
    except ValueError as e:
        raise HTTPException(status_code=400, detail=str(e))
    except Exception as e:  # as data-access methods have it: nothing is let out
        log.error(e)
        raise HTTPException(status_code=403, detail="failed")
    return {"id": thing.id, "first": thing.sizes[0]}


@app.get("/uncaught/{id}")
def uncaught(id: str):
    thing = get_thing(id)
    return {"there": thing is not None, "count": count(id)}


@app.get("/sorts/{id}")
def sorts(id: str):
    try:
        size = count(id)
    except (RuntimeError, AttributeError):
        size = 1
    except (json.JSONDecodeError, asyncio.TimeoutError):
        size = 2
    except OSError:
        size = 3
    return {"size": size}


@app.post("/certain")
def certain(thing: Thing):
    extra = thing.extra
    try:
        size = thing.sizes[0]
    except IndexError:
        size = 0
    try:
        note = extra["note"]
    except KeyError:
        note = None
    try:
        name = extra["name"]["first"]
    except (LookupError, TypeError):
        name = None
    return {"size": size, "note": note, "name": name, "second": thing.sizes[1]}


@app.get("/returning/{id}")
def returning(id: str):
    try:
        if count(id) > 3:
            return {"id": id}
        count("x")
    except ValueError:
        log.info("none")
    except Exception as e:  # behind a narrower one, which must be asked first
        log.info(e)
    try:
        if id == "second":
            return {"id": "2"}
        count(id)
    except Exception as e:  # of a try that returns in some cases
        raise HTTPException(status_code=400, detail=str(e))
    try:
        return {"size": count(id)}
    finally:
        log.info("done")


@app.get("/while/{id}")
def while_loops(id: str, size: int):
    turn = 0
    while turn < size:
        turn += 1
        if turn == 3:
            continue
        if turn > 5:
            break
    left = size
    while True:
        if left <= 0:
            break
        left -= 2
    while left < turn:
        left += count(id)
        if left > 4:
            raise HTTPException(status_code=409, detail=f"{left} left")
    else:
        turn = turn + 10
    return {"turn": turn, "left": left}


@app.get("/headers")
def headers(request: Request):
    if "X-Needed" not in request.headers:
        raise HTTPException(status_code=400, detail="no header")
    name = request.headers.get("x-name", "nobody")
    return {
        "name": name,
        "other": request.headers.get("X-Other"),
        "kind": request.headers["X-Kind"],
    }


class ShopError(Exception):
    """What goes wrong in the shop."""


class Missing(ShopError):
    pass


class Taken(ValueError):
    def __init__(self, name: str):
        super().__init__(f"{name} is taken")


class Closed(ShopError):
    def __init__(self, day: str = "sunday"):
        super().__init__("closed on " + day)
        self.day = day


def bought(id: str) -> str:
    if id == "bad":
        raise ValueError("a bad one")
    if id == "none":
        raise Missing("nothing there")
    if id == "gone":
        raise Taken(id)
    if id == "x":
        raise Closed("monday")
    if id == "y":
        raise Closed()
    if id == "z":
        raise Missing()
    return id


def tried(id: str) -> str:
    try:
        return bought(id)
    except Missing:
        return bought("a")


@app.get("/own/{id}")
def own(id: str):
    try:
        return {"id": bought(id)}
    except Missing as e:
        raise HTTPException(404, str(e))
    except ValueError as e:
        raise HTTPException(409, f"no: {e}")


@app.get("/shop/{id}")
def shop(id: str):
    try:
        return {"id": tried(id)}
    except (ShopError, Taken) as e:
        return {"wrong": str(e)}


@app.get("/unshopped/{id}")
def unshopped(id: str):
    return {"id": bought(id)}


@app.get("/nested/{id}")
def nested(id: str, size: int = 1):
    mark = f"<{id}>"

    def checked(number: int, least: int = 1) -> int:
        if number < least:
            raise HTTPException(409, f"{mark} {number}")
        return number * size

    def marked(text):
        return mark + text

    return {"first": checked(size), "second": checked(size + 1, least=2), "mark": marked("z")}


@app.post("/inside")
async def inside(thing: Thing):
    extra, own = thing.extra, thing.id

    async def found(key: str) -> str | None:
        if key in extra:
            return own
        if key == own:
            raise ValueError(f"no {key}")
        return None

    said = []
    for size in thing.sizes:
        try:
            said.append(await found(f"{size}"))
        except ValueError as e:
            said.append(str(e))
    return {"said": said, "note": await found("note"), "id": thing.id, "extra": extra}
