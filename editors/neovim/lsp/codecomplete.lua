-- Neovim finds this file by its name: `vim.lsp.enable('codecomplete')`, which `require('codecomplete').setup()` says too.
return require('codecomplete.client').config()
