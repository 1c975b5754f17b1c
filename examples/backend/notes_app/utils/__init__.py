"""What several routers share."""
