--- How the server is and how far the port is: `:PortStatus`, and a text for the status line.
local clients = require('port_lsp.client')

local M = {}

local KINDS = { 'endpoints', 'models', 'events', 'functions' }
local REST = { 'drifted', 'stub', 'unported', 'ignored' }

local known = {} ---@type table<integer, table> what was said last, by the client's id

--- The handler of `portLsp/status`.
function M.receive(_, status, context)
  known[context.client_id] = status
  vim.schedule(function()
    vim.cmd.redrawstatus()
    vim.api.nvim_exec_autocmds('User', { pattern = 'PortLspStatus', modeline = false })
  end)
end

--- For the status line: `port 12/30`, with a `!` where something is wrong; '' without a server.
---@return string
function M.line()
  local client = vim.lsp.get_clients({ name = 'port_lsp', bufnr = 0 })[1]
  local status = client and known[client.id]
  if not client then
    return ''
  elseif not status or not status.quiescent then
    return 'port …'
  end
  local done, total = 0, 0
  for _, kind in ipairs(KINDS) do
    done = done + status.shares[kind].ported + status.shares[kind].drifted
    total = total + status.shares[kind].total
  end
  return ('port %d/%d%s'):format(done, total, status.health == 'ok' and '' or ' !')
end

--- Shows what the server said last, kind by kind.
function M.show()
  local client = clients.here()
  if not client then
    return
  end
  local status = known[client.id]
  if not status then
    clients.say('the server starts')
    return
  end
  vim.api.nvim_echo({ { table.concat(M.lines(status), '\n') } }, true, {})
end

---@param status table
---@return string[]
function M.lines(status)
  local lines = { 'port-lsp: ' .. status.message }
  for _, kind in ipairs(KINDS) do
    local shares = status.shares[kind]
    if shares.total + shares.ignored > 0 then
      local rest = {}
      for _, word in ipairs(REST) do
        if shares[word] > 0 then
          table.insert(rest, ('%d %s'):format(shares[word], word))
        end
      end
      local more = #rest > 0 and (' (%s)'):format(table.concat(rest, ', ')) or ''
      local done = shares.ported + shares.drifted
      table.insert(lines, ('%s: %d of %d ported%s'):format(kind, done, shares.total, more))
    end
  end
  return lines
end

return M
