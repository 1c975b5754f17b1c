"""The conversion patterns of the guide: from a backend item to the Rust to be written."""
