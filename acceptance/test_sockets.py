"""Events that a backend handles and sends by itself, asked of the backend and of its port: who is
in a room hears what is sent into it, handlers answer, and one that fails answers nothing. So does
what a background task sends, when the answer is out, one task after the other.

The backend is `data/sockets_app.py`. The client speaks Engine.IO's polling by hand: `4` is a
message of it, `40` of Socket.IO a connection, `42` an event, `43` an acknowledgement.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import httpx

from acceptance.serving import loaded, served
from bench.port_compile import port
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "sockets_app.py"
PATH = "/socket.io/"
_ENDS = "\x1e"  # between the packets of one answer
_LATER = 0.1  # seconds
_MARK = "the end of what is heard"


class Connected:
    """A client of a namespace, "" for the default one."""

    def __init__(self, client: httpx.AsyncClient, space: str = "") -> None:
        self._client = client
        self._params = {"EIO": "4", "transport": "polling"}
        self._space = f"{space}," if space else ""
        self._left: list[str] = []
        self._asked = 0
        self.room = ""

    async def open(self, *auth: Any) -> Any:
        """Connects, with what it authenticates itself by; what it is refused with."""
        opened = await self._client.get(PATH, params=self._params)
        self._params["sid"] = json.loads(opened.text[1:])["sid"]
        await self._post(f"40{self._space}" + "".join(map(json.dumps, auth)))
        said = await self._next()
        if said.startswith("44"):
            return json.loads(said[len(f"44{self._space}") :])
        self.room = json.loads(said[len(f"40{self._space}") :])["sid"]
        return None

    async def close(self) -> None:
        await self._post(f"41{self._space}")

    async def send(self, event: str, *data: Any) -> None:
        """Sends an event that asks for an answer."""
        self._asked += 1
        await self._post(f"42{self._space}{self._asked}" + json.dumps([event, *data]))

    async def ask(self, event: str, *data: Any) -> list[Any]:
        """What comes until an event is answered, with that answer at the end."""
        await self.send(event, *data)
        heard: list[Any] = []
        answer = f"43{self._space}{self._asked}"
        while not (said := await self._next()).startswith(f"{answer}["):
            if said == f"41{self._space}":
                heard.append("the end")
                continue
            assert said.startswith(f"42{self._space}"), said
            heard.append(json.loads(said[len(f"42{self._space}") :]))
        return [*heard, json.loads(said[len(answer) :])]

    async def heard(self) -> list[Any]:
        """What has come so far."""
        return (await self.ask("echo", _MARK))[:-2]

    async def last(self) -> str:
        """The next packet."""
        return await self._next()

    async def _post(self, packet: str) -> None:
        (await self._client.post(PATH, params=self._params, content=packet)).raise_for_status()

    async def _next(self) -> str:
        """The next packet; the server's pings are none."""
        while not self._left:
            said = (await self._client.get(PATH, params=self._params)).text.split(_ENDS)
            self._left += [one for one in said if one != "2"]
        return self._left.pop(0)


async def _every(client: httpx.AsyncClient) -> dict[str, Any]:
    """What clients hear, by what was done."""
    one, other, third = Connected(client), Connected(client), Connected(client)
    clients = {"one": one, "other": other, "third": third}
    for each in clients.values():
        await each.open()
    found: dict[str, Any] = {}

    async def done(what: str, answer: list[Any]) -> None:
        heard = {name: await each.heard() for name, each in clients.items()}
        found[what] = [answer, {name: said for name, said in heard.items() if said}]

    async def asked(what: str, who: Connected, event: str, *data: Any) -> None:
        await done(what, await who.ask(event, *data))

    async def failing(what: str, who: Connected, event: str, *data: Any) -> None:
        """What isn't answered: an answer would be no event, which `heard` asks for."""
        await who.send(event, *data)
        await anyio.sleep(_LATER)
        await done(what, ["nothing"])

    async def posted(what: str, path: str, **params: Any) -> None:
        answer = await client.post(path, params=params)
        await anyio.sleep(_LATER)  # what is left to do when the answer is out
        await done(what, [answer.status_code])

    await asked("nothing given", one, "hello", "a")
    await asked("enters a room", one, "watch", {"room": "tea"})
    await asked("enters it, too", other, "watch", {"room": "tea", "more": 3})
    await posted("in a room", "/tell/tea", text="b")
    await posted("to nobody", "/tell/nobody", text="c")
    await posted("alone", f"/tell/{third.room}", text="d")
    await posted("to all", "/count", number=3)
    await asked("to all others in a room", one, "say", {"text": "e", "room": "tea", "by": [1]})
    await asked("by one who isn't in it", third, "say", {"room": "tea"})
    await asked("returns early", one, "say", {"text": "quit"})
    await failing("without a key", one, "say", {"text": "e"})
    await failing("of no object", one, "say", ["text"])
    await failing("without data", one, "say")
    await asked("leaves it", other, "unwatch", {"room": "tea"})
    await asked("has left", one, "say", {"text": "f", "room": "tea"})
    await asked("leaves what it isn't in", other, "unwatch", {"room": "tea"})
    await asked("known rooms", one, "lobby")
    await asked("known rooms, the others", other, "lobby")
    await asked("JSON", one, "echo", {"a": [1, 2.5, "ü", None, True]})
    await asked("a list", one, "echo", [1, 2])
    await asked("null", one, "echo", None)
    await asked("left out", one, "echo")
    await asked("another client", one, "poke", other.room)
    await asked("no client", one, "poke", "nobody")
    await asked("an empty text is all", one, "poke", "")
    await asked("calls functions", other, "forward", {"room": "tea", "text": "gü"})
    await asked("may refuse", other, "forward", {"room": "nowhere"})
    await failing("a part isn't there", other, "forward", {"room": "tea"})
    await failing("no text", other, "forward", {"room": 1, "text": "g"})
    await asked("doesn't fail", one, "fail", {"fails": []})
    await failing("fails behind something", one, "fail", {"fails": "yes"})
    for more in ("text", 12345678901, -1, True, False, None):
        await asked(f"{more} as text", one, "describe", {"what": more, "more": more})
    await asked("left out as text", one, "describe", {"what": ""})
    await failing("nothing as text", one, "describe", {})
    await asked("in a try", one, "careful", {"what": 1, "room": "tea"})
    await asked("what is caught", one, "careful", {"what": 1})
    await failing("another's own room", one, "watch", {"room": other.room})
    await asked("its own room", one, "watch", {"room": one.room})
    await posted("what is sent to that", f"/tell/{other.room}", text="h")
    await posted("an empty `to`", "/whisper")
    await posted("a `to`", "/whisper", to=one.room)
    await posted("all but one", "/whisper", skip=one.room)
    await posted("all but nobody", "/whisper", skip="tea")
    await posted("a room but one", "/whisper", to="the lobby", skip=one.room)
    await posted("no room at all", "/perhaps")
    await posted("an empty room", "/perhaps", room="")
    await posted("perhaps a room", "/perhaps", room="the lobby")
    await posted("has it enter", f"/move/{third.room}", room="tea")
    await posted("has been let in", "/tell/tea", text="i")
    await posted("has it leave", f"/move/{third.room}", room="tea", leaves=True)
    await posted("is out", "/tell/tea", text="j")
    await posted("has nobody leave", "/move/nobody", room="tea", leaves=True)
    await posted("has nobody enter", "/move/nobody", room="tea")
    await posted("has it enter another's", f"/move/{third.room}", room=one.room)
    await asked("sends nobody away", one, "kick", {"who": "nobody"})
    fourth = Connected(client)
    fifth = Connected(client)
    await fourth.open()
    await fifth.open()
    clients["fourth"] = fourth
    await asked("joins", fourth, "watch", {"room": "tea"})
    del clients["fourth"]
    answer = await one.ask("kick", {"who": fourth.room})
    await anyio.sleep(_LATER)  # the end is handled by itself
    found["sends one away"] = [answer[-1], answer[:-1] + await one.heard()]
    found["who leaves by itself"] = "the end" in await fifth.ask("leave")
    await anyio.sleep(_LATER)
    await posted("who is gone hears nothing", "/tell/tea", text="k")
    found["is told so"] = await fourth.last()
    await third.close()
    await anyio.sleep(_LATER)
    del clients["third"]
    await done("is gone", [])
    found["at the door"] = await _at_the_door(client)
    found["at the board"] = await _at_the_board(client)
    said = json.dumps(found)
    for name, each in (
        ("one", one),
        ("other", other),
        ("third", third),
        ("fourth", fourth),
        ("fifth", fifth),
    ):
        said = said.replace(each.room, name)
    return json.loads(said)


async def _at_the_door(client: httpx.AsyncClient) -> list[Any]:
    """What clients are told that aren't all let in, and what they hear then."""
    first, second = Connected(client, "/door"), Connected(client, "/door")
    said: list[Any] = [await first.open({"name": "a"}), await second.open({"name": "b"})]
    refused: list[tuple[Any, ...]] = [(), (None,), ({},), ({"name": "nobody"},), ({"name": "un"},)]
    said += [await Connected(client, "/door").open(*auth) for auth in refused]
    said += [await second.ask("knock", "a"), await first.ask("knock", "nobody")]
    return [*said, await second.ask("knock", "b")]


async def _at_the_board(client: httpx.AsyncClient) -> list[Any]:
    """What clients hear of a class of handlers."""
    first, second = Connected(client, "/board"), Connected(client, "/board")
    said: list[Any] = [await first.open(), await second.open()]
    said += [await first.ask("write", "a", "below"), await second.ask("wipe")]
    return [*said, await second.ask("write", "b", None), await first.ask("wipe")]


async def _of_python(app: Any) -> dict[str, Any]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend") as client:
        return await _every(client)


async def _of_rust(base_url: httpx.URL) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
        return await _every(client)


def test_both_sides_say_the_same(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    root, crate = tmp_path / "backend", tmp_path / "sockets"
    root.mkdir()
    with loaded(BACKEND, root) as app:
        python = anyio.run(_of_python, app)
    assert len(python) == 68  # as README says
    assert python["in a room"] == [
        [200],
        {
            name: [["told", {"room": "tea", "text": "b"}], ["told", {"room": "tea", "text": "b!"}]]
            for name in ("one", "other")
        },
    ]
    assert python["enters a room"] == [[[]], {}]
    assert port(root, crate, (), "axum").left == ()
    files = (file.read_text("utf-8") for file in crate.rglob("*.rs"))
    assert not any("todo!" in text for text in files)
    with served(crate, {}, target) as client:
        rust = anyio.run(_of_rust, client.base_url)
    assert rust == python
