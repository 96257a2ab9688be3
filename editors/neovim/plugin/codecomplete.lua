if vim.g.loaded_codecomplete then
  return
end
vim.g.loaded_codecomplete = true

local function map(name, what)
  vim.keymap.set('i', ('<Plug>(codecomplete-%s)'):format(name), function()
    require('codecomplete')[name]()
  end, { desc = what })
end

map('accept', 'Accept the ghost text')
map('next', 'The next ghost text')
map('previous', 'The ghost text before')
map('dismiss', 'Hide the ghost text')

local commands = { 'dismiss', 'explain', 'log', 'pause', 'restart', 'resume' }

vim.api.nvim_create_user_command('CodeComplete', function(arguments)
  local name = arguments.args
  if vim.list_contains(commands, name) then
    require('codecomplete')[name]()
  else
    require('codecomplete.messages').say(
      ("There is no ':CodeComplete %s'; there is: %s."):format(name, table.concat(commands, ', ')),
      vim.log.levels.ERROR
    )
  end
end, {
  nargs = 1,
  desc = 'C# completion from your own machine',
  complete = function(start)
    return vim.tbl_filter(function(name)
      return vim.startswith(name, start)
    end, commands)
  end,
})
