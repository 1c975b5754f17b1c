-- What every test starts with: the plugin as a package manager loads it, and a hand on the keyboard.
local plugin, case, answer = arg[1], arg[2], arg[3]
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
  if not vim.wait(patience or 20000, check, 20) then
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

-- Virtual text of code lenses: line from 1 and what is shown.
function lenses()
  local found = {}
  for name, space in pairs(vim.api.nvim_get_namespaces()) do
    if name:find('codelens') then
      local marks = vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })
      for _, mark in ipairs(marks) do
        local text = {}
        for _, line in ipairs(mark[4].virt_lines or { mark[4].virt_text or {} }) do
          for _, chunk in ipairs(line) do
            table.insert(text, chunk[1])
          end
        end
        table.insert(found, { mark[2] + 1, vim.trim(table.concat(text)) })
      end
    end
  end
  return found
end

function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local ran, result = xpcall(dofile, debug.traceback, case)
vim.fn.writefile({ vim.json.encode({ ran = ran, result = result or vim.NIL }) }, answer)
for _, client in ipairs(vim.lsp.get_clients()) do
  vim.lsp.stop_client(client.id, true)
end
vim.cmd('qall!')
