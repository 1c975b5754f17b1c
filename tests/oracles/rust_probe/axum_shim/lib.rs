//! axum as the fixtures see it: everything is axum's own but `serve`, which puts the probe's
//! requests to the application instead of listening. So a fixture's `main` runs as it is written.

mod probe_serve;

pub use axum_real::*;
// Named, so that it goes before the framework's own; a plain `use` here would hide more of it.
pub use probe_serve::serve;
