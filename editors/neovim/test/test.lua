-- Run by ./run. Each test is a user with an editor; what they see is checked.
package.path = vim.fs.dirname(vim.fs.abspath(_G.arg[0])) .. '/?.lua;' .. package.path
local Editor = require('editor')

-- Whether this Neovim shows ghost text itself.
local IS_NATIVE = vim.fn.has('nvim-0.12') == 1
local server = assert(vim.env.CODECOMPLETE_SERVER)
local SETUP = ([[
  %%s
  require('codecomplete').setup({ cmd = { %q, 'lsp' }, keys = { accept = '<Tab>', dismiss = '<C-]>' }, %%s })
]]):format(server)

local function check(good, what)
  if not good then
    error(what, 2)
  end
end

local function equal(actual, expected, what)
  check(actual == expected, ('%s: expected %q, got %q'):format(what, tostring(expected), tostring(actual)))
end

local function has(text, part, what)
  check(text:find(part, 1, true), ('%s: %q is not in %q'):format(what, part, text))
end

local function times(text, part)
  local _, found = text:gsub(vim.pesc(part), '')
  return found
end

local READY = "require('codecomplete.client').status and require('codecomplete.client').status.state == 'ready'"
local SHOWN = "require('codecomplete').is_shown() and vim.startswith(vim.api.nvim_get_mode().mode, 'i')"

local function ready(before, options)
  local folder = Editor.sample()
  local editor = Editor.open({ init = SETUP:format(before or '', options or ''), folder = folder })
  editor:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  editor:wait('the server to be ready', READY)
  return editor, folder
end

-- The line of the README's example, as somebody types it.
local function type_receiver(editor)
  editor:input('<Esc>')
  editor:wait('normal mode', "vim.api.nvim_get_mode().mode == 'n'")
  editor:lua([[
    vim.api.nvim_buf_set_lines(0, 26, 27, false, { '        var pet = await pets' })
    vim.api.nvim_win_set_cursor(0, { 27, 0 })
  ]])
  editor:input('A.')
  editor:wait('the dot', "vim.endswith(vim.api.nvim_get_current_line(), 'pets.')")
end

-- It is on the screen, not only in some table.
local function ghost(editor)
  local text = editor:wait('ghost text', SHOWN .. " and require('codecomplete.ghost').text()")
  has(editor:screen(), editor:line() .. text, 'the ghost text on the screen')
  return text
end

local function nothing_left(editor, what)
  for _, name in ipairs({ 'nvim.lsp.inline_completion', 'codecomplete.ghost' }) do
    local marks = editor:lua('return vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace(...), 0, -1, {})', name)
    equal(#marks, 0, what .. ' leaves ghost text in ' .. name)
  end
end

local function accepts(editor)
  type_receiver(editor)
  local text = ghost(editor)
  has(text, 'GetAsync(', 'the ghost text')
  editor:input('<Tab>')
  editor:wait('the accepted text', "vim.api.nvim_get_current_line() == '        var pet = await pets.' .. ...", text)
  equal(editor:lua('return vim.api.nvim_win_get_cursor(0)[2]'), #editor:line(), 'the cursor after accepting')
  nothing_left(editor, 'accepting')
end

local function drops_stale(editor)
  type_receiver(editor)
  ghost(editor)
  -- The server is stopped, so that no newer answer can take the old one away.
  local pid = editor:lua('return vim.api.nvim_get_proc_children(vim.fn.getpid())[1]')
  vim.uv.kill(pid, 'sigstop')
  local done, problem = pcall(function()
    editor:input('X')
    editor:wait('the letter', "vim.endswith(vim.api.nvim_get_current_line(), '.X') and not require('codecomplete').is_shown()")
    nothing_left(editor, 'typing something else')
    editor:input('<Tab>!')
    editor:wait('what was typed', "vim.endswith(vim.api.nvim_get_current_line(), '!')")
    check(not editor:line():find('Async', 1, true), 'a stale text was accepted: ' .. editor:line())
  end)
  vim.uv.kill(pid, 'sigcont')
  assert(done, problem)
end

local function keeps_what_is_typed_along(editor)
  type_receiver(editor)
  local text = ghost(editor)
  editor:input(text:sub(1, 3))
  editor:wait('the rest', SHOWN .. " and require('codecomplete.ghost').text() == ...", text:sub(4))
  editor:input('<Tab>')
  editor:wait('no doubled text', "vim.api.nvim_get_current_line() == '        var pet = await pets.' .. ...", text)
end

local function dismisses(editor)
  type_receiver(editor)
  ghost(editor)
  editor:input('<C-]>')
  editor:wait('no ghost text', "not require('codecomplete').is_shown()")
  nothing_left(editor, 'dismissing')
  editor:input(';<Esc>')
  editor:wait('the typed line', "vim.api.nvim_get_current_line() == '        var pet = await pets.;'")
end

-- The stars come with the next keystroke where the model has not read the place yet.
local function stars(editor, items)
  local words
  local seen = vim.wait(60000, function()
    editor:input('<Esc>')
    type_receiver(editor)
    editor:input('<C-x><C-o>')
    local found = vim.wait(5000, function()
      words = editor:lua(items)
      return #words > 0 and words[1]:find('★', 1, true) ~= nil
    end, 20)
    return found
  end, 20)
  check(seen, 'no star in the list: ' .. table.concat(words or {}, ', '))
  return words
end

local function is_healthy(editor)
  editor:input('<Esc>')
  editor:input(':checkhealth codecomplete<CR>')
  editor:wait('the report', "vim.bo.filetype == 'checkhealth' and vim.fn.search('doctor', 'nw') > 0 and vim.fn.search('ghost text  ', 'nw') > 0")
  local report = table.concat(editor:lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)'), '\n')
  has(report, 'a server runs for', 'the report')
  has(report, 'ghost text is shown by ' .. (IS_NATIVE and 'vim.lsp.inline_completion' or 'the plugin'), 'the report')
  check(not report:find('ERROR', 1, true), 'the report has errors:\n' .. report)
  -- The help is there and finds its tags.
  editor:lua("vim.cmd.helptags(vim.fs.joinpath(..., 'doc'))", vim.env.CODECOMPLETE_REPOSITORY .. '/editors/neovim')
  editor:input(':help codecomplete-options<CR>')
  editor:wait('the help', "vim.bo.filetype == 'help' and vim.fn.expand('%:t') == 'codecomplete.txt'")
end

-- What the server answers at the cursor, whatever the editor shows of it.
local function answered(editor, method)
  return editor:lua([[
    local client = vim.lsp.get_clients({ name = 'codecomplete', bufnr = 0 })[1]
    local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
    params.context = { triggerKind = 1 }
    local answer
    repeat
      -- Neovim sends what was typed a little later; the server then says that the document was modified, and is asked again.
      answer = client:request_sync(..., params, 60000, 0)
    until not (answer and answer.err and answer.err.code == -32801)
    assert(answer and not answer.err, vim.inspect(answer))
    return #answer.result.items
  ]], method)
end

local function pauses(editor)
  type_receiver(editor)
  ghost(editor)
  editor:input('<Esc>:CodeComplete pause<CR>')
  -- The server says so, not the plugin.
  editor:wait('the pause', "require('codecomplete').status() == 'CodeComplete: paused'")
  type_receiver(editor)
  equal(answered(editor, 'textDocument/inlineCompletion'), 0, 'ghost text while paused')
  equal(answered(editor, 'textDocument/completion'), 0, 'items while paused')
  check(not editor:lua("return require('codecomplete').is_shown()"), 'ghost text is shown while paused')
  nothing_left(editor, 'pausing')
  editor:input('<Esc>:CodeComplete restart<CR>')
  editor:wait('another server, paused too', "#vim.lsp.get_clients({ name = 'codecomplete', bufnr = 0 }) == 1 and require('codecomplete').status() == 'CodeComplete: paused'")
  editor:input(':CodeComplete resume<CR>')
  editor:wait('the end of the pause', "require('codecomplete').status() == 'CodeComplete'")
  accepts(editor)
end

local tests = {}
local function test(name, body)
  table.insert(tests, { name = name, body = body })
end

test('ghost text and the list', function()
  local editor, folder = ready(nil, 'completion = true')
  equal(editor:lua("return require('codecomplete.ghost').is_native()"), IS_NATIVE, 'vim.lsp.inline_completion is used')

  -- The copy was never restored. The server says so at length, and the user is not stopped at "Press ENTER".
  editor:wait('the notice', "vim.fn.execute('messages'):find('dotnet restore', 1, true)")
  check(not editor:call('nvim_get_mode').blocking, 'a message waits for a key')
  has(editor:screen(), ':messages', 'the short form of a long message')

  accepts(editor)
  drops_stale(editor)
  keeps_what_is_typed_along(editor)
  dismisses(editor)
  pauses(editor)

  local words = stars(editor, [[
    return vim.tbl_map(function(item) return item.abbr ~= '' and item.abbr or item.word end, vim.fn.complete_info({ 'items' }).items)
  ]])
  has(table.concat(words, '\n'), 'GetAsync', 'the list')
  editor:input('<C-n><C-y>')
  editor:wait('the item without its star', "vim.api.nvim_get_current_line():match('pets%.%a+') and not vim.api.nvim_get_current_line():find('★')")

  -- Another program writes a file.
  vim.fn.writefile({ 'namespace Clinic.Kiosk;', 'public static class Xylophone { public static int Notes => 8; }' }, folder .. '/src/Clinic.Kiosk/Xylophone.cs')
  local offered = vim.wait(60000, function()
    editor:input('<Esc>')
    editor:wait('normal mode', "vim.api.nvim_get_mode().mode == 'n'")
    editor:lua([[
      vim.api.nvim_buf_set_lines(0, 26, 27, false, { '        var pet = Xyl' })
      vim.api.nvim_win_set_cursor(0, { 27, 0 })
    ]])
    editor:input('A<C-x><C-o>')
    return vim.wait(2000, function()
      return editor:lua("return vim.fn.execute('echo complete_info()'):find('Xylophone', 1, true) ~= nil or vim.api.nvim_get_current_line():find('Xylophone', 1, true) ~= nil")
    end, 20)
  end, 20)
  check(offered, 'a file that another program wrote is not seen')
  editor:close()
end)

test('the server is killed', function()
  local editor = ready()
  local before = times(editor:messages(), 'CodeComplete:')
  local pid = editor:lua('return vim.api.nvim_get_proc_children(vim.fn.getpid())[1]')
  vim.uv.kill(pid, 'sigkill')
  editor:wait('the message', "vim.fn.execute('messages'):find('is started again', 1, true)")
  editor:wait(
    'another server',
    "vim.api.nvim_get_proc_children(vim.fn.getpid())[1] ~= ... and #vim.lsp.get_clients({ name = 'codecomplete', bufnr = 0 }) == 1 and " .. READY,
    pid
  )
  accepts(editor)
  local messages = editor:messages()
  equal(times(messages, 'is started again'), 1, 'messages of the death')
  equal(times(messages, 'quit with exit code'), 0, "Neovim's own message of the death")
  -- The new server says again that the sample is not restored; nothing else may be said.
  check(times(messages, 'CodeComplete:') <= 2 * before + 1, 'too many messages: ' .. messages)
  is_healthy(editor)
  editor:close()
end)

-- In Neovim 0.11 it is the test above once more, with what a new server and `explain` add.
test('without vim.lsp.inline_completion, as in Neovim 0.11', function()
  local editor = ready('vim.lsp.inline_completion = false')
  check(not editor:lua("return require('codecomplete.ghost').is_native()"), 'it is still there')
  accepts(editor)
  drops_stale(editor)
  keeps_what_is_typed_along(editor)
  dismisses(editor)
  pauses(editor)

  local pid = editor:lua('return vim.api.nvim_get_proc_children(vim.fn.getpid())[1]')
  editor:input('<Esc>:CodeComplete restart<CR>')
  editor:wait('another server', "not vim.list_contains(vim.api.nvim_get_proc_children(vim.fn.getpid()), ...) and " .. READY, pid)
  equal(times(editor:messages(), 'The server ended'), 0, 'messages of a wanted end')
  accepts(editor)

  editor:input('<Esc>:write<CR>:CodeComplete explain<CR>')
  editor:wait('the explanation', "vim.fn.bufname():find('codecomplete://explain', 1, true) and vim.fn.search('Recalled:', 'nw') > 0")
  editor:close()
end)

test('there is no server', function()
  local folder = Editor.sample()
  local editor = Editor.open({
    init = "require('codecomplete').setup({ cmd = { '/nowhere/codecomplete', 'lsp' }, keys = { accept = '<Tab>' }, colour = 1 })",
    folder = folder,
  })
  editor:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  editor:wait('the message', "vim.fn.execute('messages'):find(\"There is no program '/nowhere/codecomplete'\", 1, true)")
  has(editor:messages(), "There is no option 'colour'", 'the message of a wrong option')
  editor:input(':edit src/Clinic.Domain/Common/Clock.cs<CR>ggO<Tab>x')
  editor:wait('the typed text', "vim.api.nvim_get_current_line():match('^%sx$') or vim.api.nvim_get_current_line():match('^ +x$')")
  equal(times(editor:messages(), 'There is no program'), 1, 'messages')
  editor:input('<Esc>:CodeComplete sing<CR>')
  editor:wait('the message', "vim.fn.execute('messages'):find(\"There is no ':CodeComplete sing'\", 1, true)")
  editor:close()
end)

test('the server dies at every start', function()
  local folder = Editor.sample()
  local program = vim.env.CODECOMPLETE_TEST_FOLDER .. '/dies'
  vim.fn.writefile({ '#!/bin/sh', '[ "$1" = --version ] && exit 0', 'exit 3' }, program)
  vim.uv.fs_chmod(program, 493)
  local editor = Editor.open({ init = ("require('codecomplete').setup({ cmd = { %q, 'lsp' } })"):format(program), folder = folder })
  editor:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  editor:wait('the end of it', "vim.fn.execute('messages'):find('stays off', 1, true)")
  check(not editor:call('nvim_get_mode').blocking, 'a message waits for a key')
  equal(times(editor:messages(), 'is started again'), 3, 'starts')
  -- The last one may still be on its way out.
  editor:wait('no process', '#vim.api.nvim_get_proc_children(vim.fn.getpid()) == 0')
  editor:input('Gox<Esc>')
  editor:wait('the typed text', "vim.api.nvim_get_current_line() == 'x'")
  editor:close()
end)

-- One sentence is said, no server runs, and the user types on, in a second file too.
local function refuses(options, sentence)
  local editor = Editor.open(vim.tbl_extend('force', { folder = Editor.sample() }, options))
  editor:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  editor:wait('the message', "vim.fn.execute('messages'):find(..., 1, true)", sentence)
  check(not editor:call('nvim_get_mode').blocking, 'a message waits for a key')
  editor:input(':edit src/Clinic.Domain/Common/Clock.cs<CR>Gox<Esc>')
  editor:wait('the typed text', "vim.api.nvim_get_current_line() == 'x'")
  equal(times(editor:messages(), 'CodeComplete:'), 1, 'messages')
  equal(times(editor:messages(), 'Spawning'), 0, "messages of Neovim's own")
  equal(#editor:lua("return vim.lsp.get_clients()"), 0, 'servers')
  editor:close()
end

local function with_dotnet(folder)
  return { init = SETUP:format('', ''), env = { DOTNET_ROOT = folder, DOTNET_ROOT_X64 = folder, DOTNET_ROOT_ARM64 = folder } }
end

test('there is no .NET', function()
  local nothing = vim.env.CODECOMPLETE_TEST_FOLDER .. '/no-dotnet'
  vim.fn.mkdir(nothing, 'p')
  refuses(with_dotnet(nothing), 'There is no .NET 10 for this processor: install the .NET 10 SDK')
end)

test('there is an older .NET alone', function()
  local old = vim.env.CODECOMPLETE_TEST_FOLDER .. '/old-dotnet'
  local framework = old .. '/shared/Microsoft.NETCore.App/8.0.0'
  vim.fn.mkdir(framework, 'p')
  vim.fn.writefile({ '{}' }, framework .. '/Microsoft.NETCore.App.deps.json')
  -- The starter itself is of any version.
  assert(vim.uv.fs_symlink(vim.fs.dirname(vim.uv.fs_realpath(vim.fn.exepath('dotnet'))) .. '/host', old .. '/host'))
  refuses(with_dotnet(old), 'There is no .NET 10 for this processor: install the .NET 10 SDK')
end)

test('the program is made for another processor', function()
  local program = vim.env.CODECOMPLETE_TEST_FOLDER .. '/foreign'
  -- The beginning of an executable for a machine that nobody has (EM_AVR).
  local file = assert(io.open(program, 'wb'))
  file:write('\127ELF\2\1\1' .. ('\0'):rep(9) .. '\2\0\83\0\1\0\0\0' .. ('\0'):rep(40))
  file:close()
  vim.uv.fs_chmod(program, 493)
  refuses(
    { init = ("require('codecomplete').setup({ cmd = { %q, 'lsp' } })"):format(program) },
    "' does not run on this machine (ENOEXEC"
  )
end)

test('the model folder is missing', function()
  local editor = ready(nil, "settings = { model = '/nowhere/model' }")
  editor:wait('the message', "vim.fn.execute('messages'):find('/nowhere/model', 1, true)")
  check(not editor:call('nvim_get_mode').blocking, 'a message waits for a key')
  equal(times(editor:messages(), '/nowhere/model'), 1, 'messages')
  type_receiver(editor)
  equal(answered(editor, 'textDocument/inlineCompletion'), 0, 'ghost text')
  check(answered(editor, 'textDocument/completion') > 5, 'the list does not go on')
  editor:close()
end)

test('the workspace is on a read-only disk', function()
  local folder = Editor.sample()
  vim.fn.system({ 'chmod', '-R', 'a-w', folder })
  -- Root may write anywhere, unless it gives that up.
  local as_user = vim.uv.getuid() == 0 and { 'setpriv', '--bounding-set=-dac_override,-dac_read_search' } or {}
  vim.fn.system(vim.list_extend(vim.list_slice(as_user), { 'touch', folder .. '/written' }))
  check(not vim.uv.fs_stat(folder .. '/written'), 'the folder can be written to')
  local editor = Editor.open({ init = SETUP:format('', ''), folder = folder, with = as_user })
  editor:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  editor:wait('the message', "vim.fn.execute('messages'):find('cannot be written to', 1, true)")
  editor:wait('the server to be ready', READY)
  check(not editor:call('nvim_get_mode').blocking, 'a message waits for a key')
  equal(times(editor:messages(), 'CodeComplete:'), 1, 'messages')
  type_receiver(editor)
  check(answered(editor, 'textDocument/completion') > 5, 'the list does not go on')
  editor:close()
end)

test('two editors on one workspace', function()
  local first, folder = ready()
  local second = Editor.open({ init = SETUP:format('', ''), folder = folder, env = first.env })
  second:input(':edit src/Clinic.Kiosk/WaitingRoom.cs<CR>')
  second:wait('the second server to be ready', READY)
  accepts(first)
  accepts(second)
  -- The one that holds the memory goes; the other takes over and goes on.
  first:input('<Esc>:quitall!<CR>')
  first:close()
  accepts(second)
  for _, word in ipairs({ 'memory', 'lock', 'is started again' }) do
    check(not second:messages():find(word, 1, true), second:messages())
  end
  second:close()
end)

local plugins = vim.env.CODECOMPLETE_PLUGINS
if plugins then
  test('nvim-cmp', function()
    local editor = ready(
      ([[
        vim.opt.runtimepath:append({ %q, %q })
        local cmp = require('cmp')
        local compare = require('cmp.config.compare')
        cmp.setup({
          sources = { { name = 'nvim_lsp' } },
          sorting = { comparators = { require('codecomplete.cmp').stars, compare.offset, compare.exact, compare.score, compare.sort_text } },
          mapping = cmp.mapping.preset.insert({ ['<CR>'] = cmp.mapping.confirm({ select = true }), ['<C-x><C-o>'] = cmp.mapping.complete() }),
        })
        vim.cmd.runtime('after/plugin/cmp_nvim_lsp.lua')
      ]]):format(plugins .. '/nvim-cmp', plugins .. '/cmp-nvim-lsp')
    )
    accepts(editor)
    stars(editor, "return vim.tbl_map(function(entry) return entry.completion_item.label end, require('cmp').get_entries())")
    editor:input('<CR>')
    editor:wait('the item without its star', "vim.api.nvim_get_current_line():match('pets%.%a+') and not vim.api.nvim_get_current_line():find('★')")
    editor:close()
  end)

  test('blink.cmp', function()
    local editor = ready(
      ([[
        vim.opt.runtimepath:append({ %q })
        require('blink.cmp').setup({
          keymap = { preset = 'enter', ['<Tab>'] = false, ['<C-x><C-o>'] = { 'show' } },
          sources = { default = { 'lsp' } },
          fuzzy = { implementation = 'lua', sorts = { require('codecomplete.cmp').blink_stars, 'score', 'sort_text' } },
        })
      ]]):format(plugins .. '/blink.cmp')
    )
    accepts(editor)
    stars(editor, "return vim.tbl_map(function(item) return item.label end, require('blink.cmp').get_items() or {})")
    editor:input('<CR>')
    editor:wait('the item without its star', "vim.api.nvim_get_current_line():match('pets%.%a+') and not vim.api.nvim_get_current_line():find('★')")
    editor:close()
  end)
end

-- Another process works through the same list: what it has begun is its own.
local function claim(number)
  return vim.uv.fs_mkdir(('%s/%d'):format(vim.env.CODECOMPLETE_TEST_CLAIMS, number), 493)
end

local failed, run = 0, 0
for number, each in ipairs(tests) do
  if (not _G.arg[1] or each.name:find(_G.arg[1], 1, true)) and claim(number) then
    run = run + 1
    local begun = vim.uv.hrtime()
    local good, problem = xpcall(each.body, debug.traceback)
    io.write(('%s  %s (%.0f s)\n'):format(good and 'ok  ' or 'FAIL', each.name, (vim.uv.hrtime() - begun) / 1e9))
    if not good then
      failed = failed + 1
      io.write(problem, '\n')
    end
  end
end
if _G.arg[1] and not vim.iter(tests):any(function(each)
  return each.name:find(_G.arg[1], 1, true) ~= nil
end) then
  io.write(("No test's name has '%s' in it.\n"):format(_G.arg[1]))
  os.exit(1)
end
os.exit(failed == 0 and 0 or 1)
