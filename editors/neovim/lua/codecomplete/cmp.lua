-- For nvim-cmp and blink.cmp: both put the list into an order of their own, and neither looks at the server's before the length of a name.
local STAR = '★ '

local function starred(label)
  return vim.startswith(label or '', STAR)
end

local M = {}

---A comparator of nvim-cmp: starred items first. It goes before the others in sorting.comparators.
function M.stars(one, other)
  local first, second = starred(one.completion_item.label), starred(other.completion_item.label)
  if first ~= second then
    return first
  end
  return nil
end

---The same for blink.cmp's fuzzy.sorts.
function M.blink_stars(one, other)
  local first, second = starred(one.label), starred(other.label)
  if first ~= second then
    return first
  end
  return nil
end

return M
