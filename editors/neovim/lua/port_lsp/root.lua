--- Where the server starts: one folder for both sides.
---
--- The usual root markers stop at the pyproject.toml or Cargo.toml of one side, so that each side
--- would have a server of its own. The folder with the port-lsp.toml is taken, else the top of the
--- repository, if both a Python and a Rust project are in it.
local M = {}

local PYTHON = { ['pyproject.toml'] = true, ['setup.py'] = true, ['requirements.txt'] = true }
local PASSED = { node_modules = true, target = true, venv = true, ['site-packages'] = true }
local LEVELS = 3

local known = {} ---@type table<string, boolean> tops that have both sides

---@param bufnr integer
---@return string? root
function M.of(bufnr)
  if vim.bo[bufnr].buftype ~= '' or vim.api.nvim_buf_get_name(bufnr) == '' then
    return nil
  end
  local configured = vim.fs.root(bufnr, 'port-lsp.toml')
  if configured then
    return configured
  end
  local top = vim.fs.root(bufnr, '.git')
  return top and M.has_both(top) and top or nil
end

--- Whether a Python and a Rust project are near the top of a folder.
---@param top string
---@return boolean
function M.has_both(top)
  if known[top] then
    return true
  end
  local python, rust = false, false
  local options = {
    depth = LEVELS,
    skip = function(path)
      local name = vim.fs.basename(path)
      return not (PASSED[name] or vim.startswith(name, '.'))
    end,
  }
  for path in vim.fs.dir(top, options) do
    local name = vim.fs.basename(path)
    python = python or PYTHON[name] or false
    rust = rust or name == 'Cargo.toml'
    if python and rust then
      known[top] = true
      return true
    end
  end
  return false
end

return M
