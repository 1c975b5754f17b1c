--- Places that Neovim can go to.
---
--- What isn't ported yet would go to the end of a file, which in LSP is the start of the line after
--- the last one. Neovim has no such line and fails to go there.
local M = {}

--- The range, on the last line where it begins behind it.
---@param uri string
---@param range table
---@return table
function M.inside(uri, range)
  local bufnr = vim.uri_to_bufnr(uri)
  vim.fn.bufload(bufnr)
  local last = vim.api.nvim_buf_line_count(bufnr) - 1
  if range.start.line <= last then
    return range
  end
  local start = { line = last, character = 0 }
  return { start = start, ['end'] = start }
end

--- The handler of `window/showDocument`, which a click on a lens leads to.
function M.on_show(error, params, context)
  if params.selection and not params.external then
    params.selection = M.inside(params.uri, params.selection)
  end
  return vim.lsp.handlers['window/showDocument'](error, params, context)
end

return M
