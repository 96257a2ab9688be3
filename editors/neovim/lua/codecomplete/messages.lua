-- Messages that do not make the user press a key.
local M = {}

-- Neovim's own vim.notify as it was before any plugin replaced it: a plugin's shows a message of any length well.
local builtin = vim.notify

local function groups(level)
  return level == vim.log.levels.ERROR and 'ErrorMsg' or level == vim.log.levels.WARN and 'WarningMsg' or 'Normal'
end

-- A message longer than the command line stops everything at "Press ENTER", so Neovim's own vim.notify gets the beginning to show and
-- the whole to keep for :messages.
local function say(text, level)
  text = 'CodeComplete: ' .. text:gsub('%s*\n%s*', ' ')
  local room = vim.v.echospace
  if vim.notify ~= builtin or vim.fn.strdisplaywidth(text) <= room then
    vim.notify(text, level)
    return
  end
  -- Said in full for the history, then drawn over before anybody could be asked to press a key; `:silent` would keep it out of both.
  local waits = vim.o.messagesopt
  vim.o.messagesopt = 'wait:0,' .. waits:gsub('hit%-enter,?', ''):gsub('wait:%d+,?', '')
  vim.api.nvim_echo({ { text, groups(level) } }, true, {})
  vim.cmd.redraw()
  vim.o.messagesopt = waits
  local hint = ' … :messages'
  local short = vim.fn.strcharpart(text, 0, math.max(0, room - vim.fn.strdisplaywidth(hint)))
  vim.api.nvim_echo({ { short, groups(level) }, { hint, groups(level) } }, false, {})
end

---@param text string one sentence
---@param level? integer of vim.log.levels
function M.say(text, level)
  level = level or vim.log.levels.INFO
  if vim.in_fast_event() then
    vim.schedule(function()
      say(text, level)
    end)
  else
    say(text, level)
  end
end

-- window/showMessage
function M.show(_, params)
  M.say(params.message, ({ vim.log.levels.ERROR, vim.log.levels.WARN })[params.type])
end

return M
