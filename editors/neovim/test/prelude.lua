-- What every test starts with: the plugin as a package manager loads it, and a hand on the keyboard.
local plugin, case, answer = vim.env.PLUGIN, vim.env.CASE, vim.env.ANSWER
vim.opt.rtp:prepend(plugin)
vim.opt.swapfile = false
vim.opt.hidden = true
vim.o.columns, vim.o.lines = 200, 50
vim.cmd('filetype plugin on')
vim.cmd('runtime! plugin/port_lsp.lua')

said = {} -- what the user was told
vim.notify = function(message)
  table.insert(said, message)
end

-- Waits until something is so; gives what it is, or ends the test.
function await(what, is_so, patience)
  local found
  local function check()
    found = is_so()
    return found ~= nil and found ~= false
  end
  if not vim.wait(patience or 60000, check, 20) then
    error(('no %s; said: %s'):format(what, vim.inspect(said)))
  end
  return found
end

function start(options)
  require('port_lsp').setup(options)
end

-- Opens a file and waits until the server has indexed both sides and answers for it.
function open(path)
  vim.cmd.edit(path)
  await('server', function()
    local client = vim.lsp.get_clients({ name = 'port_lsp', bufnr = 0 })[1]
    return client and require('port_lsp').statusline():match('^port %d')
  end)
end

-- Puts the cursor on the first place of a text.
function on(text)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search('\\V' .. vim.fn.escape(text, '\\'), 'c') > 0, text)
end

-- Where the cursor is: file, line from 1, column from 1 (bytes), and the text from there on.
function here()
  local line, column = vim.fn.line('.'), vim.fn.col('.')
  local text = vim.fn.getline('.'):sub(column)
  return { vim.fn.fnamemodify(vim.fn.expand('%:p'), ':t'), line, column, text }
end

function command(text)
  local from = vim.inspect(here())
  vim.cmd(text)
  await('jump', function()
    return vim.inspect(here()) ~= from
  end)
  return here()
end

-- The diagnostics of the current buffer: place, rule, and the text that is underlined.
function squiggles()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    local line = vim.fn.getline(one.lnum + 1)
    local text = line:sub(one.col + 1, one.end_lnum == one.lnum and one.end_col or -1)
    table.insert(found, { one.lnum + 1, one.code, text })
  end
  return found
end

-- The code lenses of the current buffer: line from 1 and text. Up to 0.11 they are what is shown;
-- later ones are drawn only where there is a screen, so that they are asked for.
function lenses()
  local found = {}
  if vim.lsp.codelens.enable then
    for _, one in ipairs(vim.lsp.codelens.get({ bufnr = 0 })) do
      table.insert(found, { one.lens.range.start.line + 1, one.lens.command.title })
    end
  else
    local id = vim.lsp.get_clients({ name = 'port_lsp' })[1].id
    local space = vim.api.nvim_create_namespace('vim_lsp_codelens:' .. id)
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })) do
      local text = vim.tbl_map(function(chunk)
        return chunk[1]
      end, mark[4].virt_text)
      table.insert(found, { mark[2] + 1, table.concat(text) })
    end
  end
  table.sort(found, function(one, other)
    return one[1] < other[1]
  end)
  return found
end

-- The text of the floating window.
function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local bufnr = vim.api.nvim_win_get_buf(window)
      return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n')
    end
  end
end

function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local ran, result = xpcall(dofile, debug.traceback, case)
vim.fn.writefile({ vim.json.encode({ ran = ran, result = result or vim.NIL }) }, answer)
for _, client in ipairs(vim.lsp.get_clients()) do
  if vim.fn.has('nvim-0.11') == 1 then
    client:stop(true)
  else
    client.stop(true)
  end
end
vim.cmd('qall!')
