"""Socket.IO: who watches a note hears of its changes."""

import socketio

sio = socketio.AsyncServer(async_mode="asgi")
socket_app = socketio.ASGIApp(sio, socketio_path="/ws/socket.io")


@sio.on("note:watch")
async def watch_note(sid: str, data: dict[str, str]) -> None:
    await sio.enter_room(sid, data["note_id"])


async def announce_change(note_id: str, title: str) -> None:
    await sio.emit("note:changed", {"id": note_id, "title": title}, room=note_id)
