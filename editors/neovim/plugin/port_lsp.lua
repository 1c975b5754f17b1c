-- Commands, and what is done when the server attaches. Nothing else is loaded until it is needed.
if vim.g.loaded_port_lsp or vim.fn.has('nvim-0.10') == 0 then
  return
end
vim.g.loaded_port_lsp = true

local command = vim.api.nvim_create_user_command

command('PortCounterpart', function()
  require('port_lsp.counterpart').go()
end, { desc = 'Go to the other side of what the cursor is on' })

command('PortPlan', function(given)
  require('port_lsp.plan').open(given.mods)
end, { desc = 'Show what there is to port, and how far it is' })

command('PortStatus', function()
  require('port_lsp.status').show()
end, { desc = 'Say how far the port is' })

local group = vim.api.nvim_create_augroup('port_lsp', {})
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = { 'python', 'rust' },
  callback = function(event)
    require('port_lsp.config').check(event.buf)
  end,
})
vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'port_lsp' then
      require('port_lsp.lenses').attach(client, event.buf)
    end
  end,
})
-- What is ported may come into a folder that isn't there yet.
vim.api.nvim_create_autocmd('BufWritePre', {
  group = group,
  pattern = '*.rs',
  callback = function(event)
    local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(event.buf))
    for _, client in ipairs(vim.lsp.get_clients({ name = 'port_lsp' })) do
      if client.root_dir and vim.startswith(folder, client.root_dir .. '/') then
        vim.fn.mkdir(folder, 'p')
      end
    end
  end,
})
