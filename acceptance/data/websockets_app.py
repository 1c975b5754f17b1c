"""WebSockets of every kind that a port may have to answer."""

import json
import logging
from typing import Annotated

from fastapi import (
    FastAPI,
    HTTPException,
    Query,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
    status,
)

app = FastAPI()
log = logging.getLogger(__name__)


@app.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        data = await websocket.receive_text()
        await websocket.send_text(f"Message text was: {data}")


@app.websocket("/caught/{room}")
async def caught(websocket: WebSocket, room: str, lang: str = "en") -> None:
    if room == "closed":
        await websocket.close(code=1008)
        return
    if room == "gone":
        raise HTTPException(404, "No such room")
    if room == "secret":
        raise WebSocketException(code=status.WS_1008_POLICY_VIOLATION, reason="no")
    await websocket.accept()
    count = 0
    try:
        while True:
            data = await websocket.receive_json()
            count += 1
            if data["kind"] == "bye":
                await websocket.close(code=4001, reason="bye " + room)
                return
            if data["kind"] == "raise":
                raise ValueError("wrong")
            await websocket.send_json({"room": room, "lang": lang, "n": count, "got": data})
    except WebSocketDisconnect:
        log.info(f"{room} is left")
    except json.JSONDecodeError:
        await websocket.send_text("no JSON")
    except ValueError as error:
        await websocket.send_text(f"failed: {error}")


@app.websocket("/bytes")
async def some_bytes(websocket: WebSocket, limit: Annotated[int, Query(ge=1)] = 2) -> None:
    await websocket.accept()
    seen = 0
    async for one in websocket.iter_bytes():
        seen += 1
        if seen > limit:
            raise WebSocketException(1009, "too many")
        await websocket.send_bytes(one)
    log.info("done")


@app.websocket("/texts")
async def texts(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("welcome")
    async for one in websocket.iter_json():
        if one == "stop":
            break
        await websocket.send_json(one)
    await websocket.close()


@app.websocket("/fails")
async def fails(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json([1, 2])
    raise ValueError("never mind")


@app.websocket("/mute")
async def mute(websocket: WebSocket) -> None:
    raise HTTPException(403, detail="nobody")
