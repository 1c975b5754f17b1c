"""Objects of the backend's own classes, which are no models: structs of the crate with methods."""
