-- What `vim.lsp.enable('port_lsp')` starts (Neovim 0.11 and later).
return require('port_lsp.config').default()
