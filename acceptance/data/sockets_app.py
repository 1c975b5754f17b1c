from typing import Any

import socketio
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi")
app.mount("/socket.io", socketio.ASGIApp(sio, socketio_path="/socket.io"))


@sio.on("hello")
async def hello(sid: str, data: str) -> None:
    pass


@sio.on("watch")
async def watch(sid: str, data: dict[str, str]) -> None:
    await sio.enter_room(sid, data["room"])


@sio.on("unwatch")
async def unwatch(sid, data):
    await sio.leave_room(sid, data["room"])
    return {"left": data["room"], "of": sid}


@sio.on("lobby")
async def lobby(sid):
    await sio.enter_room(sid, "the lobby")
    await sio.emit("entered", {"sid": sid}, room="the lobby", skip_sid=sid)
    await sio.emit("lobby", room="the lobby")
    return sid


@sio.on("say")
async def say(sid, data):
    """Says something to all others in a room."""
    text = data.get("text", "nothing")
    if text == "quit":
        return None
    await sio.emit("said", {"text": text, "by": data.get("by")}, room=data["room"], skip_sid=sid)
    return {"sent": text}


@sio.event
async def echo(sid, data=None):
    await sio.emit("echoed", data, to=sid)
    return data


@sio.on("poke")
async def poke(sid, other):
    await sio.emit("poked", to=other)
    await sio.emit("poked others", skip_sid=other)


@sio.on("forward")
async def forward(sid, data):
    room = data["room"]
    if room.startswith("no"):
        return False
    await tell(room, data["text"])
    return await count_of(data["text"])


@sio.on("fail")
async def fail(sid, data):
    await sio.emit("failing", to=sid)
    if data["fails"]:
        raise ValueError("as it was asked for")
    return 1


@sio.on("describe")
async def describe(sid, data):
    room = f"about {data['what']}: {data.get('more')}"
    await sio.enter_room(sid, room)
    await sio.emit("described", {"room": room}, room=f"about {data['what']}: {data.get('more')}")


@sio.on("kick")
async def kick(sid, data):
    other = data["who"]
    await sio.disconnect(other)
    return other


@sio.on("leave")
async def leave(sid):
    await sio.disconnect(sid)


@sio.on("careful")
async def careful(sid, data):
    try:
        what = data["what"]
        await sio.emit("cared", what, room=data["room"])
        return True
    except Exception as error:  # noqa: BLE001 - a client is told of any
        await sio.emit("error", {"message": f"It was {error}"}, room=sid)


@sio.event
async def disconnect(sid, reason):
    await sio.emit("gone", sid)


@sio.on("connect", namespace="/door")
async def let_in(sid, environ, auth):
    """Lets in who says a name."""
    if auth is None or auth["name"] == "nobody":
        return False
    await sio.enter_room(sid, f"room of {auth['name']}", namespace="/door")
    await sio.emit("let in", auth["name"], skip_sid=sid, namespace="/door")
    return is_welcome(auth["name"])


@sio.on("knock", namespace="/door")
async def knock(sid, data):
    await sio.emit("knocked", room=f"room of {data}", namespace="/door")


class Board(socketio.AsyncNamespace):
    async def on_connect(self, sid, environ):
        await self.enter_room(sid, "the board")

    async def on_write(self, sid, text, where="top"):
        await self.emit("written", {"text": text}, room="the board", skip_sid=sid)
        await self.leave_room(sid, "the board")
        return where

    async def on_wipe(self, sid):
        await self.emit("wiped")


sio.register_namespace(Board("/board"))


def is_welcome(name: str) -> bool:
    return not name.startswith("un")


async def tell(room: str, text: str) -> None:
    await sio.emit("told", {"room": room, "text": text}, room=room)


async def count_of(text: str) -> int:
    return len(text)


@app.post("/tell/{room}")
async def told(room: str, text: str, background: BackgroundTasks) -> dict[str, str]:
    background.add_task(tell, room, text)
    background.add_task(tell, room, text=text + "!")
    return {"room": room}


@app.post("/count")
async def count(number: int) -> dict[str, int]:
    await sio.emit("count", number)
    return {"count": number}


@app.post("/whisper")
async def whisper(to: str = "", skip: str = "") -> dict[str, Any]:
    await sio.emit("whispered", {"to": to}, to=to, skip_sid=skip)
    return {"to": to}


@app.post("/perhaps")
async def perhaps(room: str | None = None) -> dict[str, Any]:
    await sio.emit("perhaps", {"room": room}, room=room)
    return {"room": room}


@app.post("/move/{sid}")
async def move(sid: str, room: str, leaves: bool = False) -> dict[str, str]:
    if leaves:
        await sio.leave_room(sid, room)
    else:
        await sio.enter_room(sid, room)
    return {"room": room}
