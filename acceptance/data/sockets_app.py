import socketio
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
sio = socketio.AsyncServer(async_mode="asgi")
app.mount("/socket.io", socketio.ASGIApp(sio, socketio_path="/socket.io"))


@sio.on("hello")
async def hello(sid: str, data: str) -> None:
    pass


async def tell(room: str, text: str) -> None:
    await sio.emit("told", {"room": room, "text": text}, room=room)


@app.post("/tell/{room}")
async def told(room: str, text: str, background: BackgroundTasks) -> dict[str, str]:
    background.add_task(tell, room, text)
    background.add_task(tell, room, text=text + "!")
    return {"room": room}


@app.post("/count")
async def count(number: int) -> dict[str, int]:
    await sio.emit("count", number)
    return {"count": number}
