namespace CodeComplete.Server.Features.Initialize;

/// <summary>Where in LSP's <c>ClientCapabilities</c> the ones stand that change what the server sends.</summary>
internal static class ClientCapability
{
    public const string LabelDetails = "textDocument.completion.completionItem.labelDetailsSupport";
    public const string Deprecated = "textDocument.completion.completionItem.deprecatedSupport";
    public const string Tags = "textDocument.completion.completionItem.tagSupport.valueSet";
    public const string InsertReplace = "textDocument.completion.completionItem.insertReplaceSupport";
    public const string Documentation = "textDocument.completion.completionItem.documentationFormat";
    public const string Kinds = "textDocument.completion.completionItemKind.valueSet";
    public const string ItemDefaults = "textDocument.completion.completionList.itemDefaults";
    public const string Snippets = "textDocument.completion.completionItem.snippetSupport";
    public const string CommitCharacters = "textDocument.completion.completionItem.commitCharactersSupport";
    public const string InsertTextModes = "textDocument.completion.completionItem.insertTextModeSupport.valueSet";
    public const string Preselect = "textDocument.completion.completionItem.preselectSupport";
    public const string LazyProperties = "textDocument.completion.completionItem.resolveSupport.properties";
    public const string Configuration = "workspace.configuration";
    public const string ConfigurationRegistration = "workspace.didChangeConfiguration.dynamicRegistration";
    public const string WatchedFilesRegistration = "workspace.didChangeWatchedFiles.dynamicRegistration";
    public const string PositionEncodings = "general.positionEncodings";
    public const string WorkDoneProgress = "window.workDoneProgress";
}
