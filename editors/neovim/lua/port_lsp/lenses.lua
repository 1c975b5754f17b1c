--- Code lenses of this server alone, kept up to date.
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

--- Asks again for the lenses of all buffers that are shown.
---@param id integer of the client
function M.refresh(id)
  local client = vim.lsp.get_client_by_id(id)
  if not client or not M.wanted or has_enable then
    return
  end
  for bufnr in pairs(client.attached_buffers) do
    if vim.fn.bufwinid(bufnr) ~= -1 then
      M.ask(client, bufnr)
    end
  end
end

---@param client vim.lsp.Client
---@param bufnr integer
function M.ask(client, bufnr)
  local params = { textDocument = vim.lsp.util.make_text_document_params(bufnr) }
  local handler = vim.lsp.codelens.on_codelens
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('textDocument/codeLens', params, handler, bufnr)
  else
    client.request('textDocument/codeLens', params, handler, bufnr)
  end
end

return M
