--- Starts the server again when it ended by itself.
local M = {}

local MOST = 3 -- times within PERIOD, so that a server that can't run isn't started for ever
local PERIOD = 180 -- seconds
local PAUSE = 500 -- milliseconds, in which Neovim forgets the old client
local TERMINATED = 15 -- the signal with which Neovim itself ends a server

local starts = {} ---@type table<string, integer[]> when (seconds), by root

---@param code integer
---@param signal integer
---@param id integer of the client
function M.on_exit(code, signal, id)
  local client = vim.lsp.get_client_by_id(id)
  if not client or signal == TERMINATED or (code == 0 and signal == 0) then
    return
  end
  local buffers = vim.tbl_keys(client.attached_buffers)
  vim.defer_fn(function()
    M.again(client.config, buffers)
  end, PAUSE)
end

--- Starts the server of a configuration for some buffers, unless that was done too often.
---@param config table
---@param buffers integer[]
function M.again(config, buffers)
  if vim.v.exiting ~= vim.NIL then
    return
  end
  local root, now = config.root_dir, os.time()
  local recent = vim.tbl_filter(function(at)
    return now - at < PERIOD
  end, starts[root] or {})
  starts[root] = recent
  if #recent >= MOST then
    vim.notify('port-lsp: the server keeps ending; see :checkhealth port_lsp', vim.log.levels.ERROR)
    return
  end
  table.insert(recent, now)
  vim.notify('port-lsp: the server ended and is started again', vim.log.levels.WARN)
  for _, bufnr in ipairs(buffers) do
    if vim.api.nvim_buf_is_loaded(bufnr) then
      vim.lsp.start(config, { bufnr = bufnr })
    end
  end
end

return M
