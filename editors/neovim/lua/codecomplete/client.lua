-- The server as Neovim's LSP client starts it, and what happens when it ends by itself.
local messages = require('codecomplete.messages')
local options = require('codecomplete.options')

local M = {}

M.name = 'codecomplete'

---What the server said last: state, percent, message.
---@type table?
M.status = nil

-- What the user wants; each new server is told.
local paused = false

local RESTARTS = 3
local RESTARTS_WITHIN = 180

local crashes = {} ---@type integer[]

-- Whether the program runs on this machine; nil until it was tried.
local is_runnable ---@type boolean?
local waiting = {} ---@type fun()[]

-- What the program's own starter exits with where there is no .NET, or not the one it needs.
local NO_DOTNET = { [131] = true, [150] = true }

local function after_check(trouble)
  local waited = waiting
  is_runnable, waiting = not trouble, {}
  if trouble then
    messages.say(trouble .. ', then `:CodeComplete restart`.', vim.log.levels.ERROR)
    return
  end
  for _, go_on in ipairs(waited) do
    go_on()
  end
end

-- Older Neovims give what the system cannot run to the shell, which then complains about its first line.
local function is_read_by_shell(program, said)
  local file = io.open(vim.fn.exepath(program), 'rb')
  local is_binary = file and (file:read(64) or ''):find('\0', 1, true) ~= nil
  if file then
    file:close()
  end
  return is_binary and (said:find(': %d+: ') or said:find(': line %d+: ') or said:find('cannot execute', 1, true)) ~= nil
end

-- A program that cannot run is named once, with what to do, instead of being started for each file. The first start waits for it, the user does not.
local function when_runnable(go_on)
  if is_runnable ~= nil then
    if is_runnable then
      go_on()
    end
    return
  end
  table.insert(waiting, go_on)
  if #waiting > 1 then
    return
  end
  local program = options.current.cmd[1]
  if vim.fn.executable(program) == 0 then
    after_check(("There is no program '%s': put it on the path, or name it in setup({ cmd = ... })"):format(program))
    return
  end
  local function foreign(problem)
    return ("'%s' does not run on this machine (%s): install the one that is made for it"):format(program, problem)
  end
  local started, problem = pcall(vim.system, options.command({ '--version' }), { text = true }, function(done)
    vim.schedule(function()
      local said = vim.split(vim.trim(done.stderr or ''), '\n')[1]
      after_check(
        NO_DOTNET[done.code]
            and 'There is no .NET 10 for this processor: install the .NET 10 SDK (https://dotnet.microsoft.com/download)'
          or done.code ~= 0 and is_read_by_shell(program, said) and foreign('ENOEXEC: it is made for another')
          or done.code ~= 0
            and ("'%s --version' failed (%s): install the program anew"):format(program, said ~= '' and said or 'exit code ' .. done.code)
          or nil
      )
    end)
  end)
  if not started then
    after_check(foreign((tostring(problem):gsub('^.-:%d+: ', ''))))
  end
end

---Who tells the server what other programs change. On Linux without inotifywait Neovim's own watcher sees the topmost folder alone; there the
---server watches by itself.
---@return 'neovim'|'server'
function M.watcher()
  return (vim.fn.has('linux') == 0 or vim.fn.executable('inotifywait') == 1) and 'neovim' or 'server'
end

local function tell_pause(client)
  client:request('workspace/executeCommand', { command = M.name .. (paused and '.pause' or '.resume') }, function(problem)
    if problem then
      messages.say(problem.message, vim.log.levels.ERROR)
    end
  end)
end

local function stopped_by_itself(code, signal)
  return vim.v.exiting == vim.NIL and (code ~= 0 or signal ~= 0)
end

local function how(code, signal)
  return signal ~= 0 and ('by signal %d'):format(signal) or ('with exit code %d'):format(code)
end

-- Neovim 0.12 looks at the open buffers by itself, 0.11 at those that are opened from now on; a client that is there already is taken again.
local function enable()
  vim.lsp.enable(M.name)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == 'cs' then
      vim.api.nvim_buf_call(buffer, function()
        vim.cmd('silent! doautocmd nvim.lsp.enable FileType')
      end)
    end
  end
end

-- One that dies at every start is not started for ever.
local function after_crash(code, signal)
  local now = os.time()
  crashes = vim.tbl_filter(function(time)
    return now - time < RESTARTS_WITHIN
  end, crashes)
  table.insert(crashes, now)
  M.status = nil
  if #crashes > RESTARTS then
    messages.say(
      ('The server ended %s again and again; it stays off until `:CodeComplete restart`. See `:CodeComplete log` and `codecomplete doctor`.'):format(
        how(code, signal)
      ),
      vim.log.levels.ERROR
    )
    return
  end
  messages.say(('The server ended %s and is started again.'):format(how(code, signal)), vim.log.levels.WARN)
  vim.defer_fn(enable, 200 * 2 ^ (#crashes - 1))
end

-- Neovim says at length that a client has died; told of an ordinary end it says nothing, and one sentence of ours remains.
local function start(dispatchers, config)
  local on_exit = dispatchers.on_exit
  dispatchers = vim.tbl_extend('force', dispatchers, {
    on_exit = function(code, signal)
      on_exit(0, 0)
      if stopped_by_itself(code, signal) then
        vim.schedule(function()
          after_crash(code, signal)
        end)
      end
    end,
  })
  return vim.lsp.rpc.start(options.current.cmd, dispatchers, { cwd = config and config.root_dir or nil })
end

local function root_of(buffer)
  local solution = vim.fs.root(buffer, function(name)
    return name:match('%.slnx?$') ~= nil
  end)
  return solution or vim.fs.root(buffer, '.git') or vim.fs.dirname(vim.api.nvim_buf_get_name(buffer))
end

local function find_root(buffer, on_dir)
  if vim.api.nvim_buf_get_name(buffer) == '' then
    return
  end
  when_runnable(function()
    if vim.api.nvim_buf_is_loaded(buffer) then
      on_dir(root_of(buffer))
    end
  end)
end

-- blink.cmp gives its capabilities to all servers by itself; nvim-cmp's source must be asked.
local function capabilities()
  local known = vim.lsp.protocol.make_client_capabilities()
  local found, source = pcall(require, 'cmp_nvim_lsp')
  return found and vim.tbl_deep_extend('force', known, source.default_capabilities()) or known
end

---@return vim.lsp.Config
function M.config()
  -- An empty table of Lua's would be an empty list.
  local settings = next(options.current.settings) and options.current.settings or vim.empty_dict()
  return {
    cmd = start,
    filetypes = { 'cs' },
    root_dir = find_root,
    capabilities = capabilities(),
    -- Some are read at the start, before the server can ask for them.
    init_options = settings,
    settings = { codecomplete = settings },
    handlers = {
      ['window/showMessage'] = messages.show,
      ['codecomplete/status'] = function(_, status)
        M.status = status
        vim.api.nvim_exec_autocmds('User', { pattern = 'CodeCompleteStatus', modeline = false, data = status })
      end,
    },
    before_init = function(params, config)
      -- Neovim says on Linux that it cannot, since without inotifywait it cannot well.
      local can = M.watcher() == 'neovim'
      for _, told in ipairs({ config.capabilities, params.capabilities }) do
        told.workspace = vim.tbl_deep_extend('force', told.workspace or {}, {
          didChangeWatchedFiles = { dynamicRegistration = can, relativePatternSupport = true },
        })
      end
    end,
    on_init = function(client)
      if paused then
        tell_pause(client)
      end
    end,
    on_attach = function(client, buffer)
      require('codecomplete.ghost').attach(client, buffer)
      if options.current.completion then
        vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = true })
        -- Without either, the first item would stand in the text as soon as the list opens, in the place of the ghost text.
        if not vim.o.completeopt:find('noselect') and not vim.o.completeopt:find('noinsert') then
          vim.bo[buffer].completeopt = 'menuone,noselect,popup'
        end
      end
    end,
  }
end

---@return vim.lsp.Client?
function M.find(buffer)
  return vim.lsp.get_clients({ name = M.name, bufnr = buffer or 0 })[1] or vim.lsp.get_clients({ name = M.name })[1]
end

---@param on boolean
function M.pause(on)
  paused = on
  for _, client in ipairs(vim.lsp.get_clients({ name = M.name })) do
    tell_pause(client)
  end
end

function M.restart()
  crashes = {}
  is_runnable = nil
  M.status = nil
  local running = vim.lsp.get_clients({ name = M.name })
  for _, client in ipairs(running) do
    client:stop()
  end
  local wait
  wait = function()
    if #vim.lsp.get_clients({ name = M.name }) > 0 then
      vim.defer_fn(wait, 50)
    else
      enable()
    end
  end
  wait()
end

return M
