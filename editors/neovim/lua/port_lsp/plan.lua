--- `:PortPlan`: a buffer with what there is to port; Enter jumps.
local clients = require('port_lsp.client')
local text = require('port_lsp.plan_text')

local M = {}

local NAME = 'port-lsp://plan'
local space = vim.api.nvim_create_namespace('port_lsp.plan')

local places = {} ---@type table<integer, table> where each line of the buffer leads
local shown_by ---@type integer? the client whose plan it is
local is_asked, is_old = false, false

--- Opens the plan in a window.
---@param mods string the command's modifiers: `vertical`, `tab`, …
function M.open(mods)
  local client = clients.here()
  if not client then
    return
  end
  shown_by = client.id
  local bufnr = M.buffer()
  local window = vim.fn.bufwinid(bufnr)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd(('%s sbuffer %d'):format(mods, bufnr))
  end
  M.refresh(client.id)
end

--- Asks for the plan again if it is shown. What comes while an answer is awaited is one more
--- request, not many.
---@param id integer of the client
function M.refresh(id)
  local bufnr, client = vim.fn.bufnr(NAME), vim.lsp.get_client_by_id(id)
  if id ~= shown_by or not client or bufnr == -1 or vim.fn.bufwinid(bufnr) == -1 then
    return
  elseif is_asked then
    is_old = true
    return
  end
  is_asked, is_old = true, false
  clients.request(client, 'portLsp/plan', vim.empty_dict(), function(plan)
    is_asked = false
    if vim.api.nvim_buf_is_valid(bufnr) then
      M.fill(bufnr, plan)
    end
    if is_old then
      M.refresh(id)
    end
  end)
end

--- The buffer, made where there is none.
---@return integer
function M.buffer()
  local bufnr = vim.fn.bufnr(NAME)
  if bufnr ~= -1 then
    return bufnr
  end
  bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, NAME)
  vim.bo[bufnr].filetype = 'portplan'
  vim.bo[bufnr].modifiable = false
  vim.keymap.set('n', '<CR>', M.jump, { buffer = bufnr, desc = 'Go to this item' })
  return bufnr
end

---@param bufnr integer
---@param plan table
function M.fill(bufnr, plan)
  local lines, marks
  lines, places, marks = text.of(plan)
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.api.nvim_buf_clear_namespace(bufnr, space, 0, -1)
  for _, mark in ipairs(marks) do
    local options = { end_col = mark.stop, hl_group = mark.group }
    vim.api.nvim_buf_set_extmark(bufnr, space, mark.line, mark.start, options)
  end
end

--- Goes to the item or file of the cursor's line, in the window that was used before.
function M.jump()
  local place = places[vim.api.nvim_win_get_cursor(0)[1]]
  if not place then
    return
  end
  local plan = vim.api.nvim_get_current_win()
  vim.cmd.wincmd('p')
  if vim.api.nvim_get_current_win() == plan or vim.bo.buftype ~= '' then
    vim.cmd.split()
  end
  local start = { line = place.line, character = 0 }
  local location = { uri = place.uri, range = { start = start, ['end'] = start } }
  vim.lsp.util.show_document(location, 'utf-8', { focus = true })
end

return M
