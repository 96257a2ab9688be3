-- What setup() was given, checked. A mistake is said in one sentence, and the rest still counts.
local messages = require('codecomplete.messages')

local M = {}

local defaults = {
  cmd = { 'codecomplete', 'lsp' },
  settings = {},
  ghost = true,
  completion = false,
  keys = {},
}

local kinds = {
  cmd = function(value)
    return vim.islist(value) and #value > 0, "a list, the program and its arguments, as { 'codecomplete', 'lsp' }"
  end,
  settings = function(value)
    return type(value) == 'table', 'a table of the settings in docs/settings.md'
  end,
  ghost = function(value)
    return type(value) == 'boolean', 'true or false'
  end,
  completion = function(value)
    return type(value) == 'boolean', 'true or false'
  end,
  keys = function(value)
    return type(value) == 'table', "a table as { accept = '<Tab>' }"
  end,
}

M.actions = { 'accept', 'next', 'previous', 'dismiss' }
M.current = vim.deepcopy(defaults)

local function complain(sentence, ...)
  messages.say(sentence:format(...), vim.log.levels.WARN)
end

function M.take(given)
  M.current = vim.deepcopy(defaults)
  if given ~= nil and type(given) ~= 'table' then
    complain('setup() takes a table; it was ignored.')
    return
  end
  for name, value in pairs(given or {}) do
    local kind = kinds[name]
    if not kind then
      complain("There is no option '%s'; see :help codecomplete-options.", name)
    else
      local good, expected = kind(value)
      if good then
        M.current[name] = vim.deepcopy(value)
      else
        complain("The option '%s' must be %s; it was ignored.", name, expected)
      end
    end
  end
  for name in pairs(M.current.keys) do
    if not vim.list_contains(M.actions, name) then
      complain("There is no key '%s' to set; there is: %s.", name, table.concat(M.actions, ', '))
      M.current.keys[name] = nil
    end
  end
end

---The program with other arguments than the server's.
---@param arguments string[]
---@return string[]
function M.command(arguments)
  local command = vim.list_slice(M.current.cmd)
  if command[#command] == 'lsp' then
    table.remove(command)
  end
  return vim.list_extend(command, arguments)
end

return M
