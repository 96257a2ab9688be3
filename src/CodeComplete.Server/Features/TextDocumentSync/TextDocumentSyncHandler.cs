using System.Collections.Concurrent;
using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Features.TextDocumentSync;

/// <summary>
/// <c>textDocument/didOpen</c>, <c>didChange</c>, <c>didClose</c>. These methods are synchronous on purpose: StreamJsonRpc starts the next
/// message's handler when this one returns or first yields, so each request finds the text that the client had when it asked.
/// </summary>
internal sealed class TextDocumentSyncHandler(Session session)
{
    /// <summary>Documents named once in the log, so that a client in error does not fill it.</summary>
    private readonly ConcurrentDictionary<string, bool> _complained = new(StringComparer.Ordinal);

    [LspMethod("textDocument/didOpen")]
    public void DidOpen(DidOpenTextDocumentParams parameters)
    {
        var document = parameters.TextDocument;
        if (DocumentUri.ToKey(document.Uri) is not { } key)
        {
            return;
        }

        if (!OpenDocuments.IsCSharp(key, document.LanguageId))
        {
            // It may have been C# before, if the user changed the language.
            Close(key);
            return;
        }

        session.Documents.Open(key, document.Version, Places.Of(document.Text, session.Profile.Encoding));
        session.Engine.Open(key, document.Version, document.Text);
    }

    [LspMethod("textDocument/didChange")]
    public void DidChange(DidChangeTextDocumentParams parameters)
    {
        var (document, changes) = parameters;
        if (session.Documents.Find(document.Uri) is not { } key || session.Documents.VersionOf(key) is not { } before)
        {
            ComplainOnce(document.Uri);
            return;
        }

        var version = document.Version ?? before + 1;
        var places = session.Documents.PlacesOf(key);
        var edits = new DocumentEdit[changes.Count];
        for (var i = 0; i < edits.Length; i++)
        {
            var range = changes[i].Range is { } given ? places.ToEngine(given) : (TextRange?)null;
            edits[i] = new DocumentEdit(range, changes[i].Text);

            // The next edit's positions are those of the text after this one.
            places = places.Edited(range, changes[i].Text);
        }

        session.Documents.Open(key, version, places);
        if (!session.Engine.Change(key, version, edits))
        {
            session.Log.LogWarning("The engine does not know the open document {Document}.", key);
        }
    }

    [LspMethod("textDocument/didClose")]
    public void DidClose(DidCloseTextDocumentParams parameters)
    {
        if (DocumentUri.ToKey(parameters.TextDocument.Uri) is { } key)
        {
            Close(key);
        }
    }

    private void Close(string key)
    {
        if (session.Documents.Close(key))
        {
            session.Engine.Close(key);
        }
    }

    private void ComplainOnce(string uri)
    {
        // Other languages' documents are ours to ignore, not to complain of; of those only the name is known here.
        if (DocumentUri.ToKey(uri) is { } key && OpenDocuments.IsCSharp(key, "") && _complained.TryAdd(key, true))
        {
            session.Log.LogWarning("Ignored a change of {Document}: the client has not opened it.", key);
        }
    }
}
