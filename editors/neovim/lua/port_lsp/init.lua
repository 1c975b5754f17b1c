--- What a configuration calls: `setup()` and `statusline()`.
local M = {}

--- Starts the server for the files of a port, from now on.
---@param options? table `code_lenses = false` shows none; everything else is a field of the
--- client's configuration (|vim.lsp.ClientConfig|), such as `cmd` or `capabilities`
function M.setup(options)
  local given = vim.deepcopy(options or {})
  require('port_lsp.lenses').wanted = given.code_lenses ~= false
  given.code_lenses = nil
  if vim.lsp.config then
    vim.lsp.config('port_lsp', given)
    vim.lsp.enable('port_lsp')
  else
    require('port_lsp.config').enable(given)
  end
end

--- How far the port is, for a status line: `port 12/30`, or '' in other files.
---@return string
function M.statusline()
  return require('port_lsp.status').line()
end

return M
