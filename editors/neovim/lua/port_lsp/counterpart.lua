--- `:PortCounterpart`: from the cursor to the other side.
local clients = require('port_lsp.client')

local M = {}

--- Jumps to the counterpart; asks which where there are several.
function M.go()
  local client = clients.here()
  if not client then
    return
  end
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  clients.request(client, 'portLsp/counterpart', params, function(found)
    if not found or #found == 0 then
      clients.say('no counterpart is known of this place or its file')
    elseif #found == 1 then
      M.show(found[1], client.offset_encoding)
    else
      M.choose(found, client.offset_encoding)
    end
  end)
end

---@param found table[] as the server gives them: LocationLink with a title
---@param encoding string
function M.choose(found, encoding)
  local function said(one)
    local path = vim.fn.fnamemodify(vim.uri_to_fname(one.targetUri), ':~:.')
    return ('%s  %s:%d'):format(one.title, path, one.targetSelectionRange.start.line + 1)
  end
  vim.ui.select(found, { prompt = 'Counterparts', format_item = said }, function(one)
    if one then
      M.show(one, encoding)
    end
  end)
end

--- Goes there, by way of the jump list and the tag stack.
---@param one table
---@param encoding string
function M.show(one, encoding)
  local range = require('port_lsp.places').inside(one.targetUri, one.targetSelectionRange)
  vim.lsp.util.show_document({ uri = one.targetUri, range = range }, encoding, { focus = true })
  if one.planned then
    clients.say(one.title)
  end
end

return M
