-- Which of the two ways of ghost text this Neovim has.
local options = require('codecomplete.options')

local M = {}

---@return boolean
function M.is_native()
  return vim.lsp.inline_completion and true or false
end

local function way()
  return require(M.is_native() and 'codecomplete.ghost.native' or 'codecomplete.ghost.own')
end

function M.attach(client, buffer)
  if options.current.ghost then
    way().attach(client, buffer)
  end
end

---The ghost text at the cursor, or nil.
---@return string?
function M.text()
  local answer = way().current(vim.api.nvim_get_current_buf())
  return answer and answer:rest() or nil
end

function M.accept()
  return way().accept(vim.api.nvim_get_current_buf())
end

function M.cycle(count)
  way().cycle(vim.api.nvim_get_current_buf(), count)
end

function M.dismiss()
  way().dismiss(vim.api.nvim_get_current_buf())
end

return M
