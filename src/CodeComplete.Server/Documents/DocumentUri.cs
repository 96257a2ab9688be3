namespace CodeComplete.Server.Documents;

/// <summary>
/// An LSP document URI and the key under which the engine knows the document: the absolute path of a file, the URI itself of an unsaved
/// buffer. Clients escape differently (<c>file:///c%3A/a%20b.cs</c>, <c>file:///c:/a b.cs</c>); one file has one key.
/// </summary>
internal static class DocumentUri
{
    private const string File = "file";
    private const string Untitled = "untitled";

    /// <returns>
    /// The key, or <see langword="null"/> for a scheme that is not ours: a <c>git:</c> or notebook document has positions and versions of its
    /// own, and answering for the file behind it would be wrong.
    /// </returns>
    public static string? ToKey(string uri) => ToKey(uri, OperatingSystem.IsWindows());

    /// <inheritdoc cref="ToKey(string)"/>
    /// <param name="windows">Write paths as Windows does.</param>
    public static string? ToKey(string uri, bool windows)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return null;
        }

        var scheme = uri.AsSpan(0, colon);
        if (scheme.Equals(Untitled, StringComparison.OrdinalIgnoreCase))
        {
            return uri;
        }

        return scheme.Equals(File, StringComparison.OrdinalIgnoreCase) ? PathOf(uri[(colon + 1)..], windows) : null;
    }

    /// <summary>The path of a file URI; <see langword="null"/> where it is no file.</summary>
    public static string? ToPath(string uri) => ToKey(uri) is { } key && !IsUntitled(key) ? key : null;

    public static bool IsUntitled(string key) => key.StartsWith(Untitled + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>The URI of a document's key, escaped as VS Code escapes it.</summary>
    public static string FromKey(string key) => FromKey(key, OperatingSystem.IsWindows());

    /// <inheritdoc cref="FromKey(string)"/>
    /// <param name="windows">The key is written as Windows writes paths.</param>
    public static string FromKey(string key, bool windows)
    {
        if (IsUntitled(key))
        {
            return key;
        }

        var path = windows ? key.Replace('\\', '/') : key;
        if (windows && path.Length > 1 && path[1] == ':')
        {
            path = $"/{char.ToLowerInvariant(path[0])}{path[1..]}";
        }

        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return path.StartsWith("//", StringComparison.Ordinal) ? $"{File}:{escaped}" : $"{File}://{escaped}";
    }

    /// <summary>
    /// The part after <c>file:</c>. A <c>#</c> or <c>?</c> in it belongs to the path: no client sends a fragment or query with a document, and
    /// some forget to escape.
    /// </summary>
    private static string? PathOf(string rest, bool windows)
    {
        var authority = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            if (slash < 0)
            {
                return null;
            }

            authority = Uri.UnescapeDataString(rest[2..slash]);
            rest = rest[slash..];
        }

        var path = Uri.UnescapeDataString(rest);
        if (path.Length == 0 || path[0] != '/' || path.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (authority.Length > 0 && !authority.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            path = $"//{authority}{path}";
        }

        if (!windows)
        {
            return path;
        }

        // "/c:/x" is drive C; its letter has one case, so that one file has one key.
        if (path.Length > 2 && path[2] == ':' && char.IsAsciiLetter(path[1]))
        {
            path = $"{char.ToUpperInvariant(path[1])}{path[2..]}";
        }

        return path.Replace('/', '\\');
    }
}
