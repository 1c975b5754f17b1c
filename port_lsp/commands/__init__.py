"""The subcommands of `port-lsp`, one module each; every one has a `command`."""
