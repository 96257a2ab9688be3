using System.Collections.Concurrent;

namespace CodeComplete.Server.Documents;

/// <summary>
/// The C# documents that the client has open, with the version it last sent and how it counts in them. Written by the synchronisation alone, in the client's order; read
/// by any request.
/// </summary>
internal sealed class OpenDocuments
{
    private readonly ConcurrentDictionary<string, (int Version, Places Places)> _open = new(StringComparer.Ordinal);

    /// <summary>C# is what the client calls C#, in any of its ways, and every <c>.cs</c> file, whatever it calls that.</summary>
    public static bool IsCSharp(string key, string languageId) =>
        languageId.ToUpperInvariant() is "CSHARP" or "CS" or "C#"
        || (!DocumentUri.IsUntitled(key) && key.EndsWith(".cs", StringComparison.OrdinalIgnoreCase));

    public void Open(string key, int version, Places places) => _open[key] = (version, places);

    /// <returns>Whether it was open.</returns>
    public bool Close(string key) => _open.TryRemove(key, out _);

    public int? VersionOf(string key) => _open.TryGetValue(key, out var document) ? document.Version : null;

    /// <summary>Positions in its text as it is now.</summary>
    public Places PlacesOf(string key) => _open.TryGetValue(key, out var document) ? document.Places : Places.Utf16;

    /// <returns>The key of the document behind <paramref name="uri"/> if it is open and C#.</returns>
    public string? Find(string uri) => DocumentUri.ToKey(uri) is { } key && _open.ContainsKey(key) ? key : null;
}
