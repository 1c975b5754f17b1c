"""Socket.IO event → Rust handler, called where the crate tells events apart."""
