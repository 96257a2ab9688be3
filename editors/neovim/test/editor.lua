-- One Neovim as a user has it, with a screen and keys, driven from outside.
local Editor = {}
Editor.__index = Editor

local repository = assert(vim.env.CODECOMPLETE_REPOSITORY)
local work = assert(vim.env.CODECOMPLETE_TEST_FOLDER)
local count = 0

-- The longest that anything may take on a busy machine; what is waited for ends the wait.
local PATIENCE = 120000

---A copy of the sample solution: the tests write into it.
function Editor.sample()
  count = count + 1
  local folder = ('%s/clinic%d'):format(work, count)
  vim.fn.mkdir(folder, 'p')
  for path in
    vim.gsplit(vim.fn.system({ 'git', '-C', repository .. '/tests/fixtures/Clinic', 'ls-files' }), '\n', { trimempty = true })
  do
    vim.fn.mkdir(vim.fs.dirname(folder .. '/' .. path), 'p')
    assert(vim.uv.fs_copyfile(repository .. '/tests/fixtures/Clinic/' .. path, folder .. '/' .. path))
  end
  return folder
end

---@param options table init: Lua that the user's init.lua holds; env: of the editor; folder: where it stands; with: a command that starts it
function Editor.open(options)
  count = count + 1
  local init = ('%s/init%d.lua'):format(work, count)
  vim.fn.writefile(
    vim.split(
      ('vim.opt.runtimepath:prepend(%q)\nvim.cmd.filetype("plugin on")\n%s'):format(repository .. '/editors/neovim', options.init),
      '\n'
    ),
    init
  )
  local self = setmetatable({}, Editor)
  self.env = vim.tbl_extend('force', {
    XDG_DATA_HOME = ('%s/data%d'):format(work, count),
    XDG_STATE_HOME = ('%s/state%d'):format(work, count),
    XDG_CONFIG_HOME = ('%s/config%d'):format(work, count),
  }, options.env or {})
  local command = vim.list_extend(vim.list_slice(options.with or {}), { vim.env.CODECOMPLETE_NVIM, '--embed', '-n', '-u', init })
  self.channel = vim.fn.jobstart(command, {
    rpc = true,
    cwd = options.folder,
    env = self.env,
  })
  assert(self.channel > 0, 'Neovim does not start')
  self:call('nvim_ui_attach', 100, 30, {})
  return self
end

function Editor:call(method, ...)
  return vim.rpcrequest(self.channel, method, ...)
end

function Editor:lua(code, ...)
  return self:call('nvim_exec_lua', code, { ... })
end

function Editor:input(keys)
  self:call('nvim_input', keys)
end

---Waits until the Lua expression is true in the editor.
function Editor:wait(what, expression, ...)
  local arguments = { ... }
  local value
  local good = vim.wait(PATIENCE, function()
    -- Asking an editor that waits for a key would hang.
    if self:call('nvim_get_mode').blocking then
      return false
    end
    value = self:lua('return ' .. expression, unpack(arguments))
    return value ~= nil and value ~= vim.NIL and value ~= false
  end, 20)
  if not good then
    local blocking = self:call('nvim_get_mode').blocking
    if blocking then
      self:input('<CR>')
    end
    error(('waited in vain for: %s%s\nmessages: %s'):format(what, blocking and ' (Neovim waited for a key)' or '', self:messages()))
  end
  return value
end

function Editor:messages()
  return self:call('nvim_exec2', 'messages', { output = true }).output
end

function Editor:line()
  return self:lua('return vim.api.nvim_get_current_line()')
end

---What stands on the screen, trailing white space left out.
function Editor:screen()
  return self:lua([[
    vim.cmd.redraw()
    local rows = {}
    for row = 1, vim.o.lines do
      local cells = {}
      for column = 1, vim.o.columns do
        table.insert(cells, vim.fn.screenstring(row, column))
      end
      table.insert(rows, (table.concat(cells):gsub('%s+$', '')))
    end
    return table.concat(rows, '\n')
  ]])
end

function Editor:close()
  local process = vim.fn.jobpid(self.channel)
  local servers = vim.api.nvim_get_proc_children(process)
  pcall(vim.rpcnotify, self.channel, 'nvim_command', 'qall!')
  if vim.fn.jobwait({ self.channel }, 20000)[1] == -1 then
    vim.uv.kill(process, 'sigkill')
    error('Neovim did not quit')
  end
  local gone = vim.wait(PATIENCE, function()
    return vim.iter(servers):all(function(server)
      return vim.uv.kill(server, 0) ~= 0
    end)
  end, 20)
  assert(gone, 'the server lives longer than its editor')
end

return Editor
