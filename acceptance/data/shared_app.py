"""A backend that keeps on `app.state` what requests read and set, and changes what it is sent: see
test_shared.py."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

GREETING = os.environ.get("GREETING", "hello")


class Banner(BaseModel):
    text: str
    urgent: bool = False


class Settings(BaseModel):
    limit: int
    name: str | None = None
    open: bool | None = None
    tags: list[str] = []
    ratio: float = 0.25


class Options:
    """What a class does when it is set to something, the port doesn't know."""

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)


def measured() -> int:
    return len(os.sep) + 6


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.counter = 0
    app.state.banner = Banner(text="hi")
    app.state.last = None
    app.state.phase = "up"
    yield
    app.state.phase = "down"


app = FastAPI(lifespan=lifespan)
app.state.phase = "made"
app.state.greeting = GREETING
app.state.options = SimpleNamespace()
app.state.options.open = True
app.state.config = Options()
app.state.config.SIZE = measured()
app.state.words = ["a", "b"]
app.state.ratio = 0.5


@app.post("/visits")
async def visit(request: Request):
    request.app.state.counter += 1
    request.app.state.last = f"visit {request.app.state.counter}"
    return {"count": request.app.state.counter, "last": request.app.state.last}


@app.delete("/visits")
async def forget(request: Request):
    request.app.state.counter = request.app.state.counter * 0
    request.app.state.last = None
    return {"count": request.app.state.counter, "last": request.app.state.last}


@app.get("/all")
def everything(request: Request):
    return {
        "counter": request.app.state.counter,
        "greeting": request.app.state.greeting,
        "open": request.app.state.options.open,
        "words": request.app.state.words,
        "ratio": request.app.state.ratio,
        "phase": app.state.phase,
        "last": app.state.last,
    }


@app.put("/settings")
async def settings(request: Request, form: Settings):
    request.app.state.limit = form.limit
    if form.name is not None:
        request.app.state.greeting = form.name
    request.app.state.options.open = (
        form.open if form.open is not None else request.app.state.options.open
    )
    request.app.state.words = form.tags
    request.app.state.ratio = form.ratio
    return {"limit": request.app.state.limit, "open": request.app.state.options.open}


@app.get("/limit")
async def limit(request: Request):
    return {"limit": request.app.state.limit}


@app.get("/limit/tried")
async def tried(request: Request):
    try:
        found = request.app.state.limit
    except AttributeError as e:
        raise HTTPException(status_code=404, detail=str(e)) from e
    return {"limit": found}


@app.get("/allowed/{number}")
async def allowed(request: Request, number: int):
    if not request.app.state.options.open:
        raise HTTPException(status_code=403, detail="closed")
    for one in request.app.state.words:
        if one == request.app.state.greeting:
            return {"found": one}
    return {"number": number + request.app.state.counter, "first": len(request.app.state.words)}


@app.post("/closed")
async def close(request: Request):
    request.app.state.options.open = not request.app.state.options.open
    return {"open": request.app.state.options.open}


@app.get("/banner", response_model=Banner)
async def banner(request: Request):
    return request.app.state.banner


@app.put("/banner", response_model=Banner)
async def set_banner(request: Request, banner: Banner):
    before = request.app.state.banner.text
    request.app.state.banner = banner
    request.app.state.last = before
    return request.app.state.banner


class Size(BaseModel):
    size: int


@app.get("/size")
async def size(request: Request):
    return {"size": request.app.state.config.SIZE}


@app.put("/size")
async def set_size(request: Request, form: Size):
    request.app.state.config.SIZE = form.size
    return {"size": request.app.state.config.SIZE}


class Meta(BaseModel):
    note: str | None = None


class Form(BaseModel):
    id: str
    name: str | None = None
    size: int = 3
    tags: list[str] = []
    meta: Meta = Meta()


def shout(text: str) -> str:
    return text.upper() + "!"


def described(form: Form) -> str:
    return f"{form.id} of {form.size}"


@app.post("/forms/a")
async def form_a(form: Form):
    form.id = form.id.lower()
    if form.name is not None:
        form.name = shout(form.name)
    return {"id": form.id, "name": form.name, "text": described(form)}


@app.post("/forms/b", response_model=Form)
async def form_b(form: Form):
    if form.name is None:
        raise HTTPException(status_code=400, detail="no name")
    if form.size > 3:
        form.name = None
    if form.name:
        form.id = form.name
    form.size = form.size + 1
    return form


@app.post("/forms/c", response_model=Form)
async def form_c(form: Form):
    try:
        form.id = shout(form.id)
        if form.size == 3:
            raise ValueError("three")
        form.name = "tried"
    except ValueError as e:
        form.name = str(e)
    return form


@app.post("/forms/d", response_model=Form)
async def form_d(form: Form):
    made = Form(id=form.id)
    made.tags = form.tags
    if not made.tags:
        made.tags = ["none"]
    made.size = len(made.tags)
    return made
