-- One answer of the server for one place: does it still stand there, and what does it put into the buffer?
--
-- An answer fits while the user has typed nothing but its own beginning. Neovim's own ghost text stays where it was until the next answer
-- comes, and accepting it then doubles what was typed.
local Answer = {}
Answer.__index = Answer

local function byte_of(line, units)
  return vim.str_byteindex(line, 'utf-16', math.min(units, vim.str_utfindex(line, 'utf-16')), false)
end

---The place from which the server is asked.
function Answer.place(buffer)
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_buf_get_lines(buffer, row - 1, row, false)[1] or ''
  return {
    buffer = buffer,
    row = row - 1,
    lines = vim.api.nvim_buf_line_count(buffer),
    head = line:sub(1, column),
    tail = line:sub(column + 1),
  }
end

---@param item lsp.InlineCompletionItem
---@return table? answer nil where the item is of no kind that this can show
function Answer.new(place, item, client_id)
  if type(item.insertText) ~= 'string' then
    return nil
  end
  local whole = place.head .. place.tail
  local from, to = #place.head, #place.head
  if item.range then
    local first, last = item.range.start, item.range['end']
    if first.line ~= place.row or last.line ~= place.row then
      return nil
    end
    from, to = byte_of(whole, first.character), byte_of(whole, last.character)
    if from > #place.head or to < #place.head then
      return nil
    end
  end
  return setmetatable({
    buffer = place.buffer,
    row = place.row,
    lines = place.lines,
    before = whole:sub(1, from),
    replaced = whole:sub(#place.head + 1, to),
    after = whole:sub(to + 1),
    text = item.insertText,
    command = item.command,
    client_id = client_id,
  }, Answer)
end

---What is left to type, or nil where the answer does not stand at the cursor any more.
---@return string?
function Answer:rest()
  if vim.api.nvim_get_current_buf() ~= self.buffer or vim.api.nvim_buf_line_count(self.buffer) ~= self.lines then
    return nil
  end
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  if row - 1 ~= self.row or column < #self.before then
    return nil
  end
  local line = vim.api.nvim_buf_get_lines(self.buffer, self.row, self.row + 1, false)[1] or ''
  if line:sub(1, #self.before) ~= self.before or line:sub(column + 1) ~= self.replaced .. self.after then
    return nil
  end
  local typed = line:sub(#self.before + 1, column)
  if #typed >= #self.text or not vim.startswith(self.text, typed) then
    return nil
  end
  return self.text:sub(#typed + 1)
end

---Puts the text into the buffer and tells the server. The answer must fit.
function Answer:accept()
  local line = vim.api.nvim_buf_get_lines(self.buffer, self.row, self.row + 1, false)[1]
  local lines = vim.split(self.text, '\n', { plain = true })
  vim.api.nvim_buf_set_text(self.buffer, self.row, #self.before, self.row, #line - #self.after, lines)
  local column = #lines[#lines] + (#lines == 1 and #self.before or 0)
  vim.api.nvim_win_set_cursor(0, { self.row + #lines, column })
  local client = vim.lsp.get_client_by_id(self.client_id)
  if client and self.command then
    -- Neovim would look among the commands of its own first, and ours is the server's.
    client:request('workspace/executeCommand', {
      command = self.command.command,
      arguments = self.command.arguments,
    }, function() end, self.buffer)
  end
end

return Answer
