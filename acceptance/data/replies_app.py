from enum import StrEnum

from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from pydantic import BaseModel

app = FastAPI()


class Form(BaseModel):
    name: str
    count: int = 1
    lines: list[str] = []


@app.get("/plain/{name}")
def plain(name: str):
    return PlainTextResponse(f"Hello {name}")


@app.get("/csv")
def csv(name: str) -> PlainTextResponse:
    return PlainTextResponse("a,b\n" + name, media_type="text/csv", status_code=201)


@app.get("/html")
def html():
    return HTMLResponse("<b>bold</b>", headers={"X-Frame-Options": "DENY", "X-Own": "yes"})


@app.get("/made", response_class=HTMLResponse)
def made(name: str):
    return f"<p>{name}</p>"


@app.get("/text", response_class=PlainTextResponse, status_code=202)
def text():
    return "just text"


@app.get("/bare")
def bare(name: str):
    return Response(content=name)


@app.get("/xml")
def xml():
    return Response("<a/>", media_type="application/xml")


@app.get("/file")
def file(name: str):
    return Response(
        content="data",
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}.txt"'},
    )


@app.get("/empty")
def empty():
    return Response(status_code=204)


@app.get("/nothing")
def nothing():
    return Response()


@app.get("/json/{code}")
def json(code: int):
    if code > 10:
        return JSONResponse({"code": code}, status_code=418)
    if code > 5:
        raise HTTPException(status_code=404, detail="No such code")
    return {"ok": True, "zero": code}


@app.get("/teapot")
def teapot():
    return JSONResponse(status_code=418, content={"a": [1, "b", None]}, headers={"x-a": "b"})


@app.get("/go")
def go(url: str):
    return RedirectResponse(url)


@app.get("/went")
def went():
    return RedirectResponse(url="/plain/you and me?a=é", status_code=302)


@app.get("/moved", response_class=RedirectResponse)
def moved(url: str):
    return url


@app.post("/cookie", response_model=Form, status_code=201)
def cookie(form: Form, response: Response):
    response.set_cookie(key="token", value=form.name, httponly=True, max_age=form.count)
    response.set_cookie("plain", "value", secure=True, samesite="strict", domain="x.example")
    response.headers["X-Total-Count"] = str(form.count)
    response.headers["x-name"] = form.name
    if form.count > 5:
        response.status_code = 202
    return form


@app.post("/logout")
def logout(response: Response):
    response.delete_cookie("token")
    return {"status": True}


@app.post("/own")
def own(form: Form):
    response = JSONResponse(content={"name": form.name})
    response.set_cookie("a", "b")
    response.headers["x-b"] = "c"
    response.status_code = 203
    return response


@app.post("/either", response_model=Form | None)
def either(form: Form, response: Response):
    if form.name == "x":
        return Response("x", status_code=400)
    response.headers["etag"] = '"1"'
    return form


@app.post("/export")
def export(form: Form, limit: int = 3):
    def lines():
        yield f"# {form.name}\n"
        for line in form.lines:
            # nothing of empty lines
            if line == "":
                continue
            yield line + "\n"
        yield f"{limit} at most\n"

    return StreamingResponse(lines(), media_type="text/plain")


class Kind(StrEnum):
    ROUND = "round"
    FLAT = "flat"


class Line(Form):
    ratio: float
    kind: Kind = Kind.FLAT
    inner: list[Form] = []
    note: str | None = None


@app.post("/ndjson")
def ndjson(line: Line):
    def lines():
        yield line.model_dump_json() + "\n"
        for one in line.inner:
            yield f"{one.name}: {one.model_dump_json()}\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@app.get("/handed/{name}")
async def handed(name: str, times: int = 2):
    async def stream(who: str, count: int, *, end: str):
        for at in range(count):
            yield f"event: {at}\ndata: {who}\n\n"
        yield f"{end}\n"

    return StreamingResponse(stream(name, times, end="bye"), media_type="text/event-stream")


@app.post("/table")
def table(form: Form):
    rows = [f"{line},{form.count}" for line in form.lines]
    return PlainTextResponse("\n".join(["line,count", *rows]), media_type="text/csv")


def checked(name: str, at: int) -> str:
    if at > 1:
        raise HTTPException(500, "too far")
    return f"{name} {at}"


@app.get("/broken/{name}")
def broken(name: str, start: int):
    def lines():
        for at in range(start, 4):
            yield checked(name, at) + "\n"

    return StreamingResponse(lines(), media_type="text/plain")


@app.get("/events/{name}")
async def events(name: str):
    if name == "none":
        return {"name": name}

    async def stream():
        yield "data: hello\n\n"
        yield f"data: {name}\n\n"

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
    )
