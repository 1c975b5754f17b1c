"""Socket.IO events: socketioxide's, and dispatch made by hand."""

from __future__ import annotations

from port_lsp.facts.items import Event
from tests.rust.declaring import declared


def events(text: str, *, socketioxide: bool = True) -> list[tuple[str, str, str, str | None]]:
    found: tuple[Event, ...] = declared(text, socketioxide=socketioxide).events
    return [(e.direction, e.event, e.key.partition("::")[2], e.namespace) for e in found]


SOCKETIOXIDE = """
async fn on_connect(socket: SocketRef) {
    socket.on("message", |socket: SocketRef, Data(data): Data<Value>| async move {
        socket.emit("message-back", &data).ok();
    });
    socket.on("join", handlers::join);
    socket.on_disconnect(left);
}
mod handlers {
    pub async fn join(socket: SocketRef) { socket.to("room").emit("joined", &()).await; }
}
fn left(socket: SocketRef) { todo!() }
fn layer() {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", on_connect);
    io.ns("/admin", |socket: SocketRef| {
        socket.on("kick", kick);
    });
}
fn kick() {}
"""


def test_socketioxide() -> None:
    assert events(SOCKETIOXIDE) == [
        ("handled", "message", "on_connect", None),
        ("emitted", "message-back", "on_connect", None),
        ("handled", "join", "handlers::join", None),
        ("handled", "disconnect", "left", None),
        ("emitted", "joined", "handlers::join", None),
        ("handled", "connect", "on_connect", None),
        ("handled", "connect", "layer", "/admin"),
        ("handled", "kick", "kick", "/admin"),
    ]
    assert events(SOCKETIOXIDE, socketioxide=False) == []
    found = declared(SOCKETIOXIDE, socketioxide=True).events
    assert [(e.id, e.stub) for e in found if e.event == "disconnect"] == [
        ("src/lib.rs::left#disconnect", "`todo!()`")
    ]


ADMITTED = """
fn layer() {
    io.ns("/", on_connect.with(limited).with(crate::checks::let_in));
    io.ns("/open", on_connect.with(|socket: SocketRef| async { Ok(()) }));
}
async fn on_connect(socket: SocketRef) { socket.on("join", join); }
async fn join() {}
mod checks {
    pub async fn let_in(socket: SocketRef) -> Result<(), String> { todo!() }
}
"""


def test_what_lets_clients_in() -> None:
    """It comes before the namespace's own handler, as python-socketio's `connect` does."""
    assert sorted(events(ADMITTED), key=str) == [
        ("handled", "connect", "checks::let_in", None),
        ("handled", "connect", "on_connect", "/open"),
        ("handled", "join", "join", "/open"),
    ]


BY_HAND = """
impl Hub {
    pub async fn emit_to_user(&self, id: &str, event: &str, data: Value) {}
    fn record(&self, event: &str) {}
    async fn handle_join(&self, sid: &str) {
        self.record("join");
        self.emit_to_user(id, "joined", json!({})).await;
        self.emit_to_user("not-an-event", &name, json!({})).await;
    }
}
async fn packet(hub: &Hub, sid: &str, packet: Packet) {
    match packet.kind {
        Kind::Connect => greet(),
        Kind::Event => {
            let (event, data) = packet.event();
            match event.as_str() {
                "join" | "enter" => hub.handle_join(sid).await,
                "typing" => {
                    info!("typing");
                }
                _ => {}
            }
        }
        Kind::Disconnect => {}
    }
}
fn elsewhere(event: &Event) -> i64 { match event.kind.as_str() { "a" => 1, "b" => 2, _ => 3 } }
fn other(event: &str) -> i64 { match event { "a" => 1, "b" => 2, _ => 3 } }
"""


def test_dispatch_by_hand() -> None:
    assert events(BY_HAND, socketioxide=False) == [
        ("emitted", "joined", "Hub::handle_join", None),
        ("handled", "connect", "packet", None),
        ("handled", "join", "Hub::handle_join", None),
        ("handled", "enter", "Hub::handle_join", None),
        ("handled", "typing", "packet", None),
        ("handled", "disconnect", "packet", None),
    ]
