--- Diagnostics after an edit on the other side: the server says that they are old.
---
--- Neovim 0.12 answers that by pulling the workspace's, which it doesn't show in buffers that it
--- pulls one by one; 0.10 doesn't answer it at all.
local requests = require('port_lsp.client')

local M = {}

--- The handler of `workspace/diagnostic/refresh`.
function M.on_refresh(_, _, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  for bufnr in pairs(client and client.attached_buffers or {}) do
    local params = {
      identifier = vim.tbl_get(client.server_capabilities, 'diagnosticProvider', 'identifier'),
      textDocument = vim.lsp.util.make_text_document_params(bufnr),
    }
    requests.send(client, 'textDocument/diagnostic', params, nil, bufnr)
  end
  return vim.NIL
end

return M
