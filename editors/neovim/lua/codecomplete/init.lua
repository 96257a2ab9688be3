local M = {}

local function ghost()
  return require('codecomplete.ghost')
end

-- What the key did before, so that <Tab> stays <Tab> where there is no ghost text.
local function otherwise(key)
  local before = vim.fn.maparg(key, 'i', false, true)
  if vim.tbl_isempty(before) then
    return function()
      return key
    end
  end
  return function()
    local keys = before.rhs or key
    if before.callback then
      keys = before.callback()
      if before.expr ~= 1 then
        return ''
      end
    elseif before.expr == 1 then
      keys = vim.api.nvim_eval(before.rhs)
    end
    return keys or ''
  end
end

local function map_keys(keys)
  for action, key in pairs(keys) do
    if key and key ~= '' then
      local before = otherwise(key)
      local plug = vim.keycode(('<Plug>(codecomplete-%s)'):format(action))
      vim.keymap.set('i', key, function()
        return ghost().text() and plug or vim.keycode(before())
      end, { expr = true, remap = true, replace_keycodes = false, desc = 'CodeComplete: ' .. action })
    end
  end
end

---Starts the server for C# files, with what :help codecomplete-options tells.
---@param options? table
function M.setup(options)
  if vim.fn.has('nvim-0.11') == 0 then
    vim.notify('CodeComplete: this needs Neovim 0.11 or later: update Neovim.', vim.log.levels.ERROR)
    return
  end
  local taken = require('codecomplete.options')
  taken.take(options)
  map_keys(taken.current.keys)
  local client = require('codecomplete.client')
  vim.lsp.config(client.name, client.config())
  vim.lsp.enable(client.name)
end

---Accepts the ghost text. May be called in a mapping with <expr>.
---@return boolean false where there is none
function M.accept()
  return ghost().accept()
end

function M.next()
  ghost().cycle(vim.v.count1)
end

function M.previous()
  ghost().cycle(-vim.v.count1)
end

function M.dismiss()
  ghost().dismiss()
end

---@return boolean
function M.is_shown()
  return ghost().text() ~= nil
end

function M.pause()
  require('codecomplete.client').pause(true)
  ghost().dismiss()
end

function M.resume()
  require('codecomplete.client').pause(false)
end

function M.restart()
  require('codecomplete.client').restart()
end

---A few words for a status line; empty where no server runs.
---@return string
function M.status()
  local status = require('codecomplete.client').status
  if not status then
    return ''
  elseif status.state == 'ready' then
    return 'CodeComplete'
  end
  return ('CodeComplete: %s%s'):format(status.state, status.percent and (' %d%%'):format(status.percent) or '')
end

-- A window of its own, as :help has.
local function show(title, text)
  vim.cmd('botright new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(vim.trim(text), '\r?\n'))
  vim.bo[buffer].modifiable = false
  vim.api.nvim_buf_set_name(buffer, ('codecomplete://%s/%d'):format(title, buffer))
end

---What is known at the cursor, and why each piece of code was recalled. The file on disk counts.
function M.explain()
  local messages = require('codecomplete.messages')
  local file = vim.api.nvim_buf_get_name(0)
  if vim.bo.filetype ~= 'cs' or file == '' then
    messages.say('Explain works in a C# file that has a name: open one.', vim.log.levels.WARN)
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local place = ('%d:%d'):format(row, vim.str_utfindex(line, 'utf-16', math.min(column, #line)) + 1)
  local command = require('codecomplete.options').command({ 'explain', file, '--position', place })
  local started, problem = pcall(vim.system, command, { text = true }, function(done)
    vim.schedule(function()
      if done.code == 0 then
        show('explain', done.stdout)
      else
        messages.say(vim.trim(done.stderr), vim.log.levels.ERROR)
      end
    end)
  end)
  if not started then
    messages.say(("'%s' does not start (%s): see :checkhealth codecomplete."):format(command[1], problem), vim.log.levels.ERROR)
  else
    messages.say('Looking at the place …')
  end
end

---Opens the server's log.
function M.log()
  local data = vim.env.XDG_DATA_HOME or vim.fs.joinpath(vim.env.HOME or '', '.local/share')
  if vim.fn.has('win32') == 1 then
    data = vim.env.LOCALAPPDATA or data
  elseif vim.fn.has('mac') == 1 then
    data = vim.fs.joinpath(vim.env.HOME or '', 'Library/Application Support')
  end
  local folder = vim.fs.joinpath(data, 'codecomplete', 'logs')
  -- Each of several servers at one time writes its own.
  local newest, time
  for name in vim.fs.dir(folder) do
    local stat = name:match('^codecomplete.*%.log$') and vim.uv.fs_stat(vim.fs.joinpath(folder, name))
    if stat and (not time or stat.mtime.sec > time) then
      newest, time = vim.fs.joinpath(folder, name), stat.mtime.sec
    end
  end
  if newest then
    vim.cmd.split(vim.fn.fnameescape(newest))
  else
    require('codecomplete.messages').say(('There is no log in %s: the server has not run yet.'):format(folder), vim.log.levels.WARN)
  end
end

return M
