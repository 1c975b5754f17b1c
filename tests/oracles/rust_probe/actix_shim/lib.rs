//! actix-web as the fixtures see it: everything is actix-web's own but `HttpServer`, which asks
//! the application the probe's requests instead of listening. So a fixture's `main` runs as it
//! is written.

mod probe_server;

pub use actix_web_real::*;
// Named, so that it goes before the framework's own; a plain `use` here would hide more of it.
pub use probe_server::HttpServer;
