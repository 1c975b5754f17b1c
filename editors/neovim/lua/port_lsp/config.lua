--- The client's configuration, and how Neovim 0.10 is told of it.
local M = {}

local FILETYPES = { 'python', 'rust' }
local PROTOCOL = 1

local mine ---@type table? what setup() made of it where there is no vim.lsp.config
local is_said = false

---@return table as |vim.lsp.Config|
function M.default()
  return {
    name = 'port_lsp',
    cmd = { 'port-lsp', 'serve' },
    filetypes = FILETYPES,
    root_dir = M.root_dir,
    on_init = M.on_init,
    on_exit = require('port_lsp.restart').on_exit,
    capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
      workspace = {
        codeLens = { refreshSupport = true },
        diagnostics = { refreshSupport = true },
      },
    }),
    handlers = {
      ['window/showDocument'] = require('port_lsp.places').on_show,
      ['workspace/codeLens/refresh'] = require('port_lsp.lenses').on_refresh,
      ['workspace/diagnostic/refresh'] = require('port_lsp.diagnostics').on_refresh,
      ['portLsp/status'] = require('port_lsp.status').receive,
      ['portLsp/didChangeIndex'] = function(_, _, context)
        require('port_lsp.plan').refresh(context.client_id)
      end,
    },
  }
end

--- Starts the server for Python and Rust files, as vim.lsp.enable does from 0.11 on.
---@param given table fields of the configuration
function M.enable(given)
  mine = vim.tbl_deep_extend('force', M.default(), given)
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('port_lsp.enable', {}),
    pattern = mine.filetypes,
    callback = function(event)
      mine.root_dir(event.buf, function(root)
        vim.lsp.start(vim.tbl_extend('force', mine, { root_dir = root }), { bufnr = event.buf })
      end)
    end,
  })
end

--- The command that starts the server, as it is configured.
---@return string[]|function
function M.command()
  local known = vim.lsp.config and vim.lsp.config.port_lsp or mine or M.default()
  return known.cmd
end

--- Why the server can't be started; nil where it can.
---@return string?
function M.missing()
  local command = M.command()
  if type(command) == 'table' and vim.fn.executable(command[1]) == 0 then
    return ('%s is not installed, or not on the PATH (:help port-lsp-install)'):format(command[1])
  end
end

--- Says once that there is no server for a buffer of a port, where there should be one.
---@param bufnr integer
function M.check(bufnr)
  local is_wanted = mine or (vim.lsp.is_enabled and vim.lsp.is_enabled('port_lsp'))
  local reason = is_wanted and not is_said and M.missing()
  if reason and require('port_lsp.root').of(bufnr) then
    is_said = true
    vim.notify('port-lsp: ' .. reason, vim.log.levels.ERROR)
  end
end

--- Calls `on_dir` with the root that both sides of a buffer's port share, if there is one.
---@param bufnr integer
---@param on_dir fun(root: string)
function M.root_dir(bufnr, on_dir)
  local root = require('port_lsp.root').of(bufnr)
  if root and not M.missing() then
    on_dir(root)
  end
end

--- Says so when the server speaks another version of the protocol than this client, and which of
--- the two is to be updated.
---@param client vim.lsp.Client
function M.on_init(client)
  local announced = vim.tbl_get(client.server_capabilities, 'experimental', 'portLsp', 'version')
  if announced == PROTOCOL then
    return
  end
  local is_newer = type(announced) == 'number' and announced > PROTOCOL
  local message = 'port-lsp: the %s is too old: the server speaks version %s of the protocol, this '
    .. 'client %d (update %s)'
  local old = is_newer and 'plugin' or 'server'
  local what = is_newer and 'the plugin' or 'port-lsp: `pip install --upgrade port-lsp`'
  vim.notify(message:format(old, announced or 'none', PROTOCOL, what), vim.log.levels.WARN)
end

return M
