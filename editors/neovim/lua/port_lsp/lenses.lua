--- Code lenses of this server alone, kept up to date.
local requests = require('port_lsp.client')

local M = {}

M.wanted = true

local EVENTS = { 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }
local has_enable = vim.lsp.codelens.enable ~= nil -- from 0.12 on Neovim keeps them by itself

---@param client vim.lsp.Client
---@param bufnr integer
function M.attach(client, bufnr)
  if not M.wanted then
    return
  elseif has_enable then
    vim.lsp.codelens.enable(true, { client_id = client.id })
    return
  end
  vim.api.nvim_create_autocmd(EVENTS, {
    group = vim.api.nvim_create_augroup('port_lsp.lenses.' .. bufnr, {}),
    buffer = bufnr,
    callback = function()
      M.ask(client, bufnr)
    end,
  })
  M.ask(client, bufnr)
end

--- The handler of `workspace/codeLens/refresh`: asks again for the lenses of all open files.
local function on_refresh(_, _, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  for bufnr in pairs(M.wanted and client and client.attached_buffers or {}) do
    M.ask(client, bufnr)
  end
  return vim.NIL
end

M.on_refresh = not has_enable and on_refresh or nil -- nil: Neovim's own

---@param client vim.lsp.Client
---@param bufnr integer
function M.ask(client, bufnr)
  local params = { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
  requests.send(client, 'textDocument/codeLens', params, vim.lsp.codelens.on_codelens, bufnr)
end

return M
