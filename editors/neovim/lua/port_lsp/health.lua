--- `:checkhealth port_lsp`
local M = {}

local health = vim.health

--- What a server says of itself when it is asked for its version; nil where it doesn't run.
---@param program string
---@return string?
local function version(program)
  local ran, result = pcall(function()
    return vim.system({ program, '--version' }, { text = true, timeout = 20000 }):wait()
  end)
  return ran and result.code == 0 and vim.trim(result.stdout) or nil
end

local function check_editor()
  if vim.fn.has('nvim-0.10') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
  else
    health.error('Neovim 0.10 or newer is needed')
  end
end

local function check_program()
  local config = require('port_lsp.config')
  local missing, command = config.missing(), config.command()
  if missing then
    health.error(
      missing,
      { 'pip install port-lsp', "setup({ cmd = { '…/port-lsp', 'serve' } })" }
    )
  elseif type(command) == 'table' then
    local said = version(command[1])
    if said then
      health.ok(('%s: %s'):format(vim.fn.exepath(command[1]), said))
    else
      health.error(command[1] .. ' does not run: `--version` fails')
    end
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'port_lsp' })
  if #clients == 0 then
    health.warn(
      'no server runs: open a Python or Rust file below a port-lsp.toml, or in a '
        .. 'repository that has both a Python and a Rust project'
    )
  end
  for _, client in ipairs(clients) do
    local count = vim.tbl_count(client.attached_buffers)
    local root, encoding = client.config.root_dir, client.offset_encoding
    health.ok(('serves %s: %d buffers, positions in %s'):format(root, count, encoding))
  end
end

function M.check()
  health.start('port-lsp')
  check_editor()
  check_program()
  check_clients()
end

return M
