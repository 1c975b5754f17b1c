--- What the plan's buffer says, from the answer to `portLsp/plan`.
local M = {}

local GROUPS = {
  unported = 'DiagnosticWarn',
  stub = 'DiagnosticWarn',
  drifted = 'DiagnosticError',
  ported = 'DiagnosticOk',
  ignored = 'Comment',
}

---@param items table[]
---@return string such as `3 of 8`; what is ignored doesn't count, what drifted is ported
local function share(items)
  local done, total = 0, 0
  for _, item in ipairs(items) do
    total = total + (item.word == 'ignored' and 0 or 1)
    done = done + ((item.word == 'ported' or item.word == 'drifted') and 1 or 0)
  end
  return ('%d of %d'):format(done, total)
end

---@param item table
---@return string
local function said(item)
  local line = ('    %-8s  %s'):format(item.word, item.title)
  if #item.drift > 0 then
    line = ('%s (%s)'):format(line, table.concat(item.drift, ', '))
  end
  local other = item.counterpart
  if type(other) == 'table' then
    line = ('%s → %s:%d'):format(line, other.file, other.line + 1)
  end
  return line
end

--- The lines, where each of them leads (by its number, from 1), and what is coloured (from 0).
---@param plan table
---@return string[] lines
---@return table<integer, {uri: string, line: integer}> places
---@return {line: integer, start: integer, stop: integer, group: string}[] marks
function M.of(plan)
  local lines, places, marks = {}, {}, {}
  local function add(line, place, start, stop, group)
    table.insert(lines, line)
    places[#lines] = place
    table.insert(marks, { line = #lines - 1, start = start, stop = stop, group = group })
  end
  for _, step in ipairs(plan.steps) do
    local all = {}
    for _, file in ipairs(step.files) do
      vim.list_extend(all, file.items)
    end
    add(('%s: %s ported'):format(step.title, share(all)), nil, 0, #step.title, 'Title')
    for _, file in ipairs(step.files) do
      local lasts = table.concat(
        vim.tbl_filter(function(word)
          return word ~= nil and word ~= ''
        end, { file.complexity, file.effort }),
        ', '
      )
      local effort = lasts ~= '' and (' (%s)'):format(lasts) or ''
      local line = ('  %s: %s%s'):format(file.file, share(file.items), effort)
      add(line, { uri = file.uri, line = 0 }, 2, 2 + #file.file, 'Directory')
      for _, item in ipairs(file.items) do
        add(said(item), item.place, 4, 4 + #item.word, GROUPS[item.word] or 'Normal')
      end
    end
  end
  if #lines == 0 then
    lines = { 'There is nothing to port here.' }
  end
  return lines, places, marks
end

return M
