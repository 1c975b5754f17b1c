"""What the application's state holds (`app.state.name`), in a crate whose state has a place for it:
the fields of its `Shared`, which drafts add."""
