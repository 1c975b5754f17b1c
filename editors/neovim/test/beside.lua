-- At each place of a list: what the language's own server answers, alone or beside ours, and where
-- "go to definition" leads. The clients' names are the keys of what is answered.
local wish = vim.json.decode(table.concat(vim.fn.readfile(vim.env.WISH), '\n'))
local METHODS = {
  'textDocument/definition',
  'textDocument/declaration',
  'textDocument/references',
  'textDocument/prepareRename',
  'textDocument/rename',
  'textDocument/completion',
  'textDocument/hover',
  'textDocument/codeAction',
}
local ready = {}

local function language_server()
  local handlers = {
    ['experimental/serverStatus'] = function(_, status)
      ready[wish.name] = status.quiescent and status.health == 'ok'
    end,
    ['$/progress'] = function() end,
  }
  local id = vim.lsp.start({
    name = wish.name,
    cmd = wish.command,
    root_dir = wish.root,
    settings = wish.settings,
    init_options = wish.options,
    handlers = handlers,
    capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
      experimental = { serverStatusNotification = true },
    }),
  })
  await(wish.name, function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized and (not wish.tells or ready[wish.name])
  end, 300000)
end

local function params_of(method)
  return function(client)
    local encoding = client.offset_encoding
    if method == 'textDocument/codeAction' then
      local range = vim.lsp.util.make_range_params(0, encoding)
      range.context = { diagnostics = {}, triggerKind = 1 }
      return range
    end
    local params = vim.lsp.util.make_position_params(0, encoding)
    params.context = { includeDeclaration = true, triggerKind = 1 }
    params.newName = 'renamed_by_the_test'
    return params
  end
end

-- Of lists the names: what else an entry has is made for its resolving, and other each time.
local function essence(method, result)
  if method == 'textDocument/completion' or method == 'textDocument/codeAction' then
    local names = vim.tbl_map(function(one)
      return one.label or one.title
    end, result.items or result)
    table.sort(names)
    return names
  end
  return result
end

-- What each client answers; those that don't speak of a method, or know nothing, have no entry.
local function ask(method)
  local found = {}
  local answers = vim.lsp.buf_request_sync(0, method, params_of(method), 60000)
  for id, answer in pairs(answers or {}) do
    local result = answer.result
    local nothing = result == nil
      or result == vim.NIL
      or (type(result) == 'table' and vim.tbl_isempty(result))
    if answer.err or not nothing then
      local name = vim.lsp.get_client_by_id(id).name
      found[name] = answer.err and answer.err.message or essence(method, result)
    end
  end
  return found
end

-- Where the key that everybody uses leads, and how many lists came up on the way.
local function go_to_definition()
  local pending, asked, pickers = {}, false, 0
  local group = vim.api.nvim_create_augroup('beside', {})
  vim.api.nvim_create_autocmd('LspRequest', {
    group = group,
    callback = function(event)
      local request = event.data.request
      if request.method == 'textDocument/definition' then
        asked = true
        pending[event.data.client_id .. ' ' .. event.data.request_id] = request.type == 'pending'
          or nil
      end
    end,
  })
  vim.ui.select = function()
    pickers = pickers + 1
  end
  local windows = #vim.api.nvim_tabpage_list_wins(0)
  vim.lsp.buf.definition()
  await('definition', function()
    return asked and vim.tbl_isempty(pending)
  end)
  vim.wait(50) -- what follows the answer is scheduled
  vim.api.nvim_del_augroup_by_id(group)
  local there = here()
  pickers = pickers + #vim.api.nvim_tabpage_list_wins(0) - windows
  vim.cmd('silent! cclose | silent! only')
  return { there = there, pickers = pickers }
end

if vim.env.WITH_US == '1' then
  start()
end
local found = {}
for _, place in ipairs(wish.places) do
  vim.cmd.edit(place.file)
  if vim.env.WITH_US == '1' then
    open(place.file)
  end
  if not vim.lsp.get_clients({ name = wish.name, bufnr = 0 })[1] then
    language_server()
  end
  local answers = { clients = #vim.lsp.get_clients({ bufnr = 0 }) }
  for _, method in ipairs(METHODS) do
    vim.fn.cursor(place.line, place.column)
    answers[method] = ask(method)
  end
  vim.fn.cursor(place.line, place.column)
  answers.jump = go_to_definition()
  table.insert(found, answers)
end
return found
