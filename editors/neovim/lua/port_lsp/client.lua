--- The running server, and requests to it, in all versions of Neovim from 0.10 on.
local M = {}

--- The client of a buffer; elsewhere (in the plan, say) the first one there is.
---@param bufnr? integer
---@return vim.lsp.Client?
function M.of(bufnr)
  local attached = vim.lsp.get_clients({ name = 'port_lsp', bufnr = bufnr or 0 })
  return attached[1] or vim.lsp.get_clients({ name = 'port_lsp' })[1]
end

--- The client of the current buffer; without any the user is told.
---@return vim.lsp.Client?
function M.here()
  local client = M.of()
  if not client then
    M.say('no server runs: open a Python or Rust file of the port (:checkhealth port_lsp)')
  end
  return client
end

--- Sends a request; `answered` is called with the result, and the user is told of an error.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param answered fun(result: any)
function M.request(client, method, params, answered)
  local function handler(error, result)
    if error then
      M.say(error.message)
    else
      answered(result)
    end
  end
  M.send(client, method, params, handler)
end

--- Sends a request; without a handler the answer goes where Neovim's own go.
---@param client vim.lsp.Client
---@param method string
---@param params table
---@param handler? function
---@param bufnr? integer
function M.send(client, method, params, handler, bufnr)
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, handler, bufnr)
  else
    client.request(method, params, handler, bufnr)
  end
end

---@param message string
function M.say(message)
  vim.notify('port-lsp: ' .. message, vim.log.levels.WARN)
end

return M
