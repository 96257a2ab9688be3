local M = {}

local function check_program(options)
  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    vim.health.error(("there is no program '%s'"):format(program), {
      "put the folder of 'codecomplete' on the path, or name the program in setup({ cmd = { '/path/to/codecomplete', 'lsp' } })",
    })
    return nil
  end
  local version = vim.system({ program, '--version' }, { text = true }):wait(10000)
  if version.code ~= 0 then
    vim.health.error(("'%s --version' failed: %s"):format(program, vim.trim(version.stderr or '')), {
      'install the .NET 10 SDK: https://dotnet.microsoft.com/download',
    })
    return nil
  end
  vim.health.ok(('%s %s'):format(vim.fn.exepath(program), vim.trim(version.stdout)))
  return program
end

local function check_editor(options)
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('this is no Neovim 0.11 or later', { 'update Neovim' })
  end
  if not options.ghost then
    vim.health.info('ghost text is off: the option ghost says so')
  elseif require('codecomplete.ghost').is_native() then
    vim.health.ok('ghost text is shown by vim.lsp.inline_completion')
  else
    vim.health.ok("ghost text is shown by the plugin: this Neovim has no vim.lsp.inline_completion")
  end
  if options.ghost and not options.keys.accept and vim.fn.hasmapto('<Plug>(codecomplete-accept)', 'i') == 0 then
    vim.health.warn('no key accepts ghost text', { "say setup({ keys = { accept = '<Tab>' } })" })
  end
  for module, name in pairs({ cmp = 'nvim-cmp', ['blink.cmp'] = 'blink.cmp' }) do
    if package.loaded[module] then
      if options.completion then
        vim.health.warn(('%s and the built-in completion both show the list'):format(name), { 'leave out completion = true' })
      else
        vim.health.ok(('%s shows the list'):format(name))
      end
    end
  end
end

local function check_client(client_module)
  if vim.lsp.is_enabled and not vim.lsp.is_enabled(client_module.name) then
    vim.health.warn('the server is not enabled', { "call require('codecomplete').setup() in init.lua" })
  end
  local clients = vim.lsp.get_clients({ name = client_module.name })
  if #clients == 0 then
    vim.health.info('no server runs: open a C# file')
    return
  end
  vim.health.ok('changes on disk: ' .. (client_module.watcher() == 'neovim' and 'Neovim watches' or 'the server watches'))
  for _, client in ipairs(clients) do
    local status = client_module.status
    vim.health.ok(
      ('a server runs for %s%s'):format(client.root_dir or 'single files', status and (': ' .. status.state) or '')
    )
  end
end

-- The server's own examination: model, memory, a list and a ghost text on a trial project.
local function check_server(program)
  local doctor = vim.system({ program, 'doctor' }, { text = true }):wait(120000)
  local lines = vim.split(vim.trim(doctor.stdout or ''), '\n', { trimempty = true })
  if #lines == 0 then
    vim.health.error('`codecomplete doctor` said nothing: ' .. vim.trim(doctor.stderr or ''))
  end
  for _, line in ipairs(lines) do
    local health, finding = line:match('^(%S+)%s+(.*)$')
    local say = ({ ok = vim.health.ok, slow = vim.health.warn, none = vim.health.warn })[health] or vim.health.error
    say(finding or line)
  end
end

function M.check()
  local options = require('codecomplete.options').current
  vim.health.start('codecomplete: Neovim')
  check_editor(options)
  vim.health.start('codecomplete: the server')
  local program = check_program(options)
  check_client(require('codecomplete.client'))
  if program then
    vim.health.start('codecomplete: doctor')
    check_server(program)
  end
end

return M
