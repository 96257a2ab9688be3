-- Ghost text for Neovim 0.11, which has none: asks when the typing pauses, shows the answer as virtual text, keeps it while it is typed
-- along, and drops it when something else is.
local Answer = require('codecomplete.ghost.answer')

local M = {}

local METHOD = 'textDocument/inlineCompletion'
local AUTOMATIC = 2
local PAUSE = 100

local namespace = vim.api.nvim_create_namespace('codecomplete.ghost')
local states = {} ---@type table<integer, table?>

vim.api.nvim_set_hl(0, 'CodeCompleteGhost', { link = 'NonText', default = true })

local function hide(state)
  if vim.api.nvim_buf_is_valid(state.buffer) then
    vim.api.nvim_buf_clear_namespace(state.buffer, namespace, 0, -1)
  end
end

local function show(state)
  hide(state)
  local answer = state.answers[state.index]
  local rest = answer and answer:rest()
  if not rest then
    state.answers = {}
    return
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(rest, '\n', { plain = true })
  local below = {}
  for i = 2, #lines do
    table.insert(below, { { lines[i], 'CodeCompleteGhost' } })
  end
  vim.api.nvim_buf_set_extmark(state.buffer, namespace, row - 1, column, {
    virt_text = { { lines[1], 'CodeCompleteGhost' } },
    virt_text_pos = 'inline',
    virt_lines = #below > 0 and below or nil,
    hl_mode = 'combine',
  })
end

local function cancel(state)
  state.asked = state.asked + 1
  if state.request then
    local client = vim.lsp.get_client_by_id(state.client_id)
    if client then
      client:cancel_request(state.request)
    end
    state.request = nil
  end
end

local function ask(state)
  local client = vim.lsp.get_client_by_id(state.client_id)
  if not client or vim.api.nvim_get_current_buf() ~= state.buffer or not vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
    return
  end
  cancel(state)
  local asked = state.asked
  local place = Answer.place(state.buffer)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = AUTOMATIC }
  local _, id = client:request(METHOD, params, function(problem, result)
    -- The user has typed on and been asked for again, or gone: what comes now is for a place that is no more.
    if problem or asked ~= state.asked or states[state.buffer] ~= state then
      return
    end
    state.request = nil
    state.index = 1
    state.answers = {}
    for _, item in ipairs(result and (result.items or result) or {}) do
      local answer = Answer.new(place, item, client.id)
      if answer and answer:rest() then
        table.insert(state.answers, answer)
      end
    end
    show(state)
  end, state.buffer)
  state.request = id
end

local function on_change(state)
  show(state)
  state.timer:stop()
  state.timer:start(
    PAUSE,
    0,
    vim.schedule_wrap(function()
      if states[state.buffer] == state then
        ask(state)
      end
    end)
  )
end

local function stop(state)
  state.timer:stop()
  cancel(state)
  state.answers = {}
  hide(state)
end

local function detach(buffer)
  local state = states[buffer]
  if state then
    stop(state)
    state.timer:close()
    vim.api.nvim_del_augroup_by_id(state.group)
    states[buffer] = nil
  end
end

function M.attach(client, buffer)
  detach(buffer)
  local state = {
    buffer = buffer,
    client_id = client.id,
    answers = {},
    index = 1,
    asked = 0,
    timer = assert(vim.uv.new_timer()),
    group = vim.api.nvim_create_augroup('codecomplete.own.' .. buffer, {}),
  }
  states[buffer] = state
  local function on(events, act)
    vim.api.nvim_create_autocmd(events, {
      group = state.group,
      buffer = buffer,
      callback = function()
        act(state)
      end,
    })
  end
  on({ 'InsertEnter', 'CursorMovedI', 'TextChangedP' }, on_change)
  on('InsertLeave', stop)
  on('BufUnload', function()
    detach(buffer)
  end)
  vim.api.nvim_create_autocmd('LspDetach', {
    group = state.group,
    buffer = buffer,
    callback = function(event)
      if event.data.client_id == client.id then
        -- The group cannot be deleted inside of one of its own.
        vim.schedule(function()
          if states[buffer] == state then
            detach(buffer)
          end
        end)
      end
    end,
  })
end

function M.current(buffer)
  local state = states[buffer]
  local answer = state and state.answers[state.index]
  return answer and answer:rest() and answer or nil
end

function M.accept(buffer)
  local answer = M.current(buffer)
  if not answer then
    return false
  end
  local state = states[buffer]
  stop(state)
  -- A mapping with <expr> may not change the text.
  vim.schedule(function()
    if answer:rest() then
      answer:accept()
    end
  end)
  return true
end

function M.cycle(buffer, count)
  local state = states[buffer]
  if state and #state.answers > 0 then
    state.index = (state.index - 1 + count) % #state.answers + 1
    show(state)
  end
end

function M.dismiss(buffer)
  if states[buffer] then
    stop(states[buffer])
  end
end

return M
