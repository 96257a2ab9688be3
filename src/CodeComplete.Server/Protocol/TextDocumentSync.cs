using System.Text.Json.Serialization;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Protocol;

internal sealed record TextDocumentIdentifier(string Uri);

internal sealed record TextDocumentPositionParams(TextDocumentIdentifier TextDocument, Position Position);

/// <param name="Version">Older clients send <see langword="null"/>; the version then counts on by itself.</param>
internal sealed record VersionedTextDocumentIdentifier(string Uri, int? Version = null);

internal sealed record TextDocumentItem(
    string Uri,
    string LanguageId,
    int Version,
    [property: JsonConverter(typeof(DocumentTextConverter))] string Text
);

internal sealed record DidOpenTextDocumentParams(TextDocumentItem TextDocument);

internal sealed record DidChangeTextDocumentParams(
    VersionedTextDocumentIdentifier TextDocument,
    IReadOnlyList<TextDocumentContentChangeEvent> ContentChanges
);

/// <summary>A change of part of the text, or, without a range, a new text.</summary>
[method: JsonConstructor]
internal readonly record struct TextDocumentContentChangeEvent(
    [property: JsonConverter(typeof(DocumentTextConverter))] string Text,
    Range? Range = null
);

internal sealed record DidCloseTextDocumentParams(TextDocumentIdentifier TextDocument);

internal enum TextDocumentSyncKind
{
    None = 0,
    Full = 1,
    Incremental = 2,
}

internal sealed record TextDocumentSyncOptions(bool OpenClose, TextDocumentSyncKind Change, bool Save);
