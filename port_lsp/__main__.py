"""`python -m port_lsp` is the command `port-lsp`."""

from port_lsp.cli import main

if __name__ == "__main__":
    main()
