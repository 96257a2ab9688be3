using System.Text.Json.Nodes;

namespace CodeComplete.Server.Tests.Harness;

/// <summary>What real clients say they can do, cut down to what concerns this server.</summary>
internal static class Capabilities
{
    /// <summary>A client that says nothing about itself.</summary>
    public static JsonObject Plain => [];

    /// <summary>VS Code with vscode-languageclient.</summary>
    public static JsonObject VsCode =>
        Parse(
            """
            {
              "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "didChangeConfiguration": { "dynamicRegistration": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true }
              },
              "textDocument": {
                "completion": {
                  "dynamicRegistration": true,
                  "contextSupport": true,
                  "completionItem": {
                    "snippetSupport": true,
                    "commitCharactersSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                    "deprecatedSupport": true,
                    "preselectSupport": true,
                    "tagSupport": { "valueSet": [1] },
                    "insertReplaceSupport": true,
                    "resolveSupport": { "properties": ["documentation", "detail", "additionalTextEdits"] },
                    "insertTextModeSupport": { "valueSet": [1, 2] },
                    "labelDetailsSupport": true
                  },
                  "insertTextMode": 2,
                  "completionItemKind": { "valueSet": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25] },
                  "completionList": { "itemDefaults": ["commitCharacters", "editRange", "insertTextFormat", "insertTextMode", "data"] }
                },
                "inlineCompletion": { "dynamicRegistration": true }
              },
              "window": { "workDoneProgress": true, "showMessage": { "messageActionItem": { "additionalPropertiesSupport": true } } },
              "general": { "positionEncodings": ["utf-16"] }
            }
            """
        );

    /// <summary>Neovim on Linux: it watches no files, registers no settings, and knows no insert-replace edits.</summary>
    public static JsonObject Neovim =>
        Parse(
            """
            {
              "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "didChangeConfiguration": { "dynamicRegistration": false },
                "didChangeWatchedFiles": { "dynamicRegistration": false, "relativePatternSupport": true }
              },
              "textDocument": {
                "completion": {
                  "dynamicRegistration": false,
                  "contextSupport": true,
                  "completionItem": {
                    "snippetSupport": true,
                    "commitCharactersSupport": false,
                    "preselectSupport": false,
                    "deprecatedSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                    "resolveSupport": { "properties": ["additionalTextEdits", "command"] }
                  },
                  "completionItemKind": { "valueSet": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25] },
                  "completionList": { "itemDefaults": ["editRange", "insertTextFormat", "insertTextMode", "data"] }
                },
                "inlineCompletion": { "dynamicRegistration": false }
              },
              "window": { "workDoneProgress": true },
              "general": { "positionEncodings": ["utf-8", "utf-16", "utf-32"] }
            }
            """
        );

    /// <summary>Helix: snippets, insert or replace, edits when an item is resolved; no defaults for the list.</summary>
    public static JsonObject Helix =>
        Parse(
            """
            {
              "workspace": { "configuration": true, "workspaceFolders": true, "didChangeConfiguration": { "dynamicRegistration": false } },
              "textDocument": {
                "completion": {
                  "completionItem": {
                    "snippetSupport": true,
                    "resolveSupport": { "properties": ["documentation", "detail", "additionalTextEdits"] },
                    "insertReplaceSupport": true,
                    "deprecatedSupport": true,
                    "tagSupport": { "valueSet": [1] }
                  },
                  "completionItemKind": {}
                }
              },
              "window": { "workDoneProgress": true }
            }
            """
        );

    /// <summary>Emacs with an eglot that resolves nothing but documentation, and without yasnippet.</summary>
    public static JsonObject Eglot =>
        Parse(
            """
            {
              "workspace": { "configuration": true, "didChangeWatchedFiles": { "dynamicRegistration": true } },
              "textDocument": {
                "completion": {
                  "dynamicRegistration": false,
                  "completionItem": { "snippetSupport": false, "deprecatedSupport": true, "tagSupport": { "valueSet": [1] } },
                  "contextSupport": true
                }
              }
            }
            """
        );

    /// <summary>Zed, by its <c>crates/lsp/src/lsp.rs</c>: no documentation format, no tags, no kinds beyond the first version's.</summary>
    public static JsonObject Zed =>
        Parse(
            """
            {
              "general": { "positionEncodings": ["utf-16"] },
              "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "didChangeConfiguration": { "dynamicRegistration": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true }
              },
              "textDocument": {
                "completion": {
                  "completionItem": {
                    "snippetSupport": true,
                    "resolveSupport": { "properties": ["additionalTextEdits", "command", "documentation"] },
                    "insertReplaceSupport": true,
                    "labelDetailsSupport": true
                  },
                  "completionList": { "itemDefaults": ["commitCharacters", "editRange", "insertTextMode", "insertTextFormat", "data"] },
                  "contextSupport": true
                }
              },
              "window": { "workDoneProgress": true }
            }
            """
        );

    /// <summary>Sublime Text with its LSP package, by its <c>plugin/core/sessions.py</c>, without a file watcher of its own.</summary>
    public static JsonObject Sublime =>
        Parse(
            """
            {
              "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "executeCommand": {},
                "didChangeConfiguration": { "dynamicRegistration": true }
              },
              "textDocument": {
                "completion": {
                  "dynamicRegistration": true,
                  "completionItem": {
                    "snippetSupport": true,
                    "deprecatedSupport": true,
                    "documentationFormat": ["markdown", "plaintext"],
                    "tagSupport": { "valueSet": [1] },
                    "resolveSupport": { "properties": ["detail", "documentation", "additionalTextEdits"] },
                    "insertTextModeSupport": { "valueSet": [2] },
                    "labelDetailsSupport": true
                  },
                  "completionItemKind": { "valueSet": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25] },
                  "insertTextMode": 2
                }
              },
              "window": { "workDoneProgress": true, "showMessage": { "messageActionItem": { "additionalPropertiesSupport": true } } }
            }
            """
        );

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
