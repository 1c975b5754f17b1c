"""Where a function gives an application's state to its router."""

from __future__ import annotations

import pytest

from port_lsp.rust.stategiven import given_states

# A function, what is known of the state: the variable, its type, the chain that makes the router.
CASES = [
    (
        """async fn main() {
    let state = AppState { db };
    let app = Router::new().route("/a", get(a)).with_state(state);
    axum::serve(listener, app).await.unwrap();
}""",
        ("state", "AppState", 'Router::new().route("/a", get(a)).with_state(state)', True),
    ),
    (
        """fn app(state: Arc<App>) -> Router {
    Router::new().merge(b()).with_state(state)
}""",
        ("state", "Arc<App>", "Router::new().merge(b()).with_state(state)", False),
    ),
    (
        """async fn main() {
    let shared = crate::state::AppState::new(&config).await?;
    let app = routes().layer(cors());
    let app = Trim::new().layer(app.with_state(shared));
    axum::serve(listener, app).await?;
}""",
        ("shared", "crate::state::AppState", "routes().layer(cors())", True),
    ),
    (  # the state comes behind the router: it can't be given to what goes around that
        """async fn main() {
    let app = routes().layer(cors());
    let state: AppState = made();
    serve(app.with_state(state)).await;
}""",
        ("state", "AppState", "app.with_state(state)", True),
    ),
    ("fn main() { let state = made(); Router::new().with_state(state); }", None),
    ("fn main() { Router::new().with_state(AppState::new()); }", None),
    ("fn main() { Router::new().with_state(state); let state = AppState {}; }", None),
]


@pytest.mark.parametrize(("text", "known"), CASES)
def test_given(text: str, known: tuple[str, str, str, bool] | None) -> None:
    data = text.encode()
    found = [
        (one.variable, one.type, data[one.made.span.start : one.made.span.end].decode(), one.serves)
        for one in given_states(data)
    ]
    assert found == ([known] if known is not None else [])
