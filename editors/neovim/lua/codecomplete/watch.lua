-- Watches the workspace where Neovim cannot: on Linux without inotifywait its own watcher sees the topmost folder alone. One watch a folder,
-- set up step by step while the user works, and no more of them than the system gives away lightly.
local M = {}

local MOST_FOLDERS = 2000
local PAUSE = 200

local CREATED, CHANGED, DELETED = 1, 2, 3

local skipped = { ['.git'] = true, ['.hg'] = true, ['.vs'] = true, node_modules = true, bin = true }
local endings = { cs = true, csproj = true, props = true, targets = true, sln = true, slnx = true }
local names = {
  ['.editorconfig'] = true,
  ['.globalconfig'] = true,
  ['.gitignore'] = true,
  ['global.json'] = true,
  ['project.assets.json'] = true,
}

local function matters(name)
  return names[name] or endings[name:match('%.(%w+)$') or ''] or false
end

---@class codecomplete.Watch
---@field handles table<string, uv.uv_fs_event_t>
---@field count integer
---@field full boolean the limit was reached: some folders are not watched

---@param root string
---@param report fun(changes: { uri: string, type: integer }[])
---@return codecomplete.Watch
function M.start(root, report)
  local self = { handles = {}, count = 0, full = false, changes = {}, timer = assert(vim.uv.new_timer()), stopped = false }

  local function flush()
    local changes = {}
    for path, kind in pairs(self.changes) do
      table.insert(changes, { uri = vim.uri_from_fname(path), type = kind })
    end
    self.changes = {}
    if #changes > 0 and not self.stopped then
      report(changes)
    end
  end

  local function note(path, kind)
    self.changes[path] = kind
    if not self.stopped then
      self.timer:start(PAUSE, 0, vim.schedule_wrap(flush))
    end
  end

  local watch

  local function unwatch(folder)
    local handle = self.handles[folder]
    self.handles[folder] = nil
    if handle and not handle:is_closing() then
      handle:close()
      self.count = self.count - 1
    end
  end

  local function on_event(folder, name, events)
    local path = folder .. '/' .. name
    vim.uv.fs_stat(path, function(_, stat)
      if self.stopped then
        return
      elseif stat and stat.type == 'directory' then
        watch(path, true)
      elseif not stat and self.handles[path] then
        unwatch(path)
        note(path, DELETED)
      elseif matters(name) then
        note(path, not stat and DELETED or events.rename and CREATED or CHANGED)
      end
    end)
  end

  -- What is in a folder that has just come is new as well.
  watch = function(folder, is_new)
    if self.stopped or self.handles[folder] or skipped[vim.fs.basename(folder)] then
      return
    end
    if self.count >= MOST_FOLDERS then
      self.full = true
      return
    end
    local handle = vim.uv.new_fs_event()
    if
      not handle
      or not handle:start(folder, {}, function(problem, name, events)
        if not problem and name then
          on_event(folder, name, events)
        end
      end)
    then
      -- The system has no more to give: what is watched stays watched.
      self.full = true
      return
    end
    self.handles[folder] = handle
    self.count = self.count + 1
    local is_output = vim.fs.basename(folder) == 'obj'
    vim.uv.fs_scandir(folder, function(_, entries)
      while entries and not self.stopped do
        local name, kind = vim.uv.fs_scandir_next(entries)
        if not name then
          break
        elseif kind == 'directory' and not is_output then
          watch(folder .. '/' .. name, is_new)
        elseif is_new and kind == 'file' and matters(name) then
          note(folder .. '/' .. name, CREATED)
        end
      end
    end)
  end

  function self.stop()
    self.stopped = true
    for folder in pairs(self.handles) do
      unwatch(folder)
    end
    if not self.timer:is_closing() then
      self.timer:close()
    end
  end

  watch(root, false)
  return self
end

return M
