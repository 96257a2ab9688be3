-- Ghost text by vim.lsp.inline_completion, Neovim 0.12's own. It asks, shows and cycles; what is added here: an answer that does not stand
-- at the cursor any more is taken away at once, and one whose beginning was typed is accepted without doubling it.
local Answer = require('codecomplete.ghost.answer')

local M = {}

local METHOD = 'textDocument/inlineCompletion'

-- By buffer: the answers that Neovim may show, and the function of Neovim's that takes others in their place.
local shown = {} ---@type table<integer, { answers: table[], replace: fun(items: table[]) }?>

local function fitting(answers)
  return vim.tbl_filter(function(answer)
    return answer:rest() ~= nil
  end, answers)
end

local function watch(client)
  local request = client.request
  -- Neovim hands its handler along with the request, so the one way to see an answer before it does is to be the client's request.
  client.request = function(self, method, params, handler, buffer)
    if method ~= METHOD or not handler then
      return request(self, method, params, handler, buffer)
    end
    local place = Answer.place(vim._resolve_bufnr and vim._resolve_bufnr(buffer) or buffer)
    return request(self, method, params, function(problem, result, context)
      local attached = vim.lsp.get_client_by_id(client.id)
      if not attached or not attached.attached_buffers[place.buffer] then
        return
      end
      if problem then
        return handler(problem, result, context)
      end
      local items = result and (result.items or result) or {}
      local answers, kept = {}, {}
      for _, item in ipairs(items) do
        local answer = Answer.new(place, item, client.id)
        if answer and answer:rest() then
          table.insert(answers, answer)
          table.insert(kept, item)
        end
      end
      shown[place.buffer] = {
        answers = answers,
        replace = function(others)
          handler(nil, { items = others }, context)
        end,
      }
      return handler(nil, { items = kept }, context)
    end, buffer)
  end
end

local function drop(buffer)
  local state = shown[buffer]
  shown[buffer] = nil
  if state and #vim.lsp.get_clients({ name = require('codecomplete.client').name, bufnr = buffer }) > 0 then
    state.replace({})
  end
end

local function on_change(buffer)
  local state = shown[buffer]
  if state and #state.answers > 0 and #fitting(state.answers) == 0 then
    drop(buffer)
  end
end

function M.attach(client, buffer)
  if not client.codecomplete_watched then
    client.codecomplete_watched = true
    watch(client)
  end
  local group = vim.api.nvim_create_augroup('codecomplete.native.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buffer,
    callback = function()
      on_change(buffer)
    end,
  })
  vim.api.nvim_create_autocmd('InsertLeave', {
    group = group,
    buffer = buffer,
    callback = function()
      shown[buffer] = nil
    end,
  })
  vim.lsp.inline_completion.enable(true, { client_id = client.id })
end

---@return table? answer the one that is shown and fits
function M.current(buffer)
  local state = shown[buffer]
  return state and fitting(state.answers)[1] or nil
end

---@return boolean
function M.accept(buffer)
  if not M.current(buffer) then
    return false
  end
  return vim.lsp.inline_completion.get({
    bufnr = buffer,
    on_accept = function(item)
      local state = shown[buffer]
      shown[buffer] = nil
      for _, answer in ipairs(fitting(state and state.answers or {})) do
        if answer.client_id == item.client_id and answer.text == item.insert_text then
          answer:accept()
          return nil
        end
      end
      -- Another server's: Neovim puts it in. One of ours that does not fit any more is not.
      local client = vim.lsp.get_client_by_id(item.client_id)
      return client and client.name ~= require('codecomplete.client').name and item or nil
    end,
  })
end

function M.cycle(buffer, count)
  vim.lsp.inline_completion.select({ bufnr = buffer, count = count })
end

M.dismiss = drop

return M
