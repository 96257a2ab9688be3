-- Neovim finds this file by its name: `vim.lsp.enable('codecomplete')`.
return {
  cmd = { 'codecomplete', 'lsp' },
  filetypes = { 'cs' },
  root_dir = function(buffer, on_dir)
    local solution = vim.fs.root(buffer, function(name)
      return name:match('%.slnx?$') ~= nil
    end)
    on_dir(solution or vim.fs.root(buffer, '.git') or vim.fs.dirname(vim.api.nvim_buf_get_name(buffer)))
  end,
}
