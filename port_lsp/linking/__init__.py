"""Which item of the crate is the counterpart of which item of the backend, and why."""
