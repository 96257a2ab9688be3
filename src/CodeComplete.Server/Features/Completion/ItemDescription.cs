using System.Text;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Completion;

/// <summary>What is shown beside the selected item.</summary>
/// <param name="Detail">One line: the signature.</param>
/// <param name="Documentation">A string or a <c>MarkupContent</c>; <see langword="null"/> where there is nothing to say.</param>
internal readonly record struct ItemDescription(string? Detail, JsonNode? Documentation)
{
    public static ItemDescription For(ItemDetail detail, DocumentationFormat format)
    {
        var signature = detail.Signature.ReplaceLineEndings("\n").Trim();
        var text = detail.Documentation.ReplaceLineEndings("\n").Trim();
        var isLong = signature.Contains('\n', StringComparison.Ordinal);
        var line = isLong ? signature[..signature.IndexOf('\n', StringComparison.Ordinal)].TrimEnd() : signature;

        // The detail has one line; a longer signature is written out above the text.
        var written = isLong ? signature : "";
        return new ItemDescription(line.Length > 0 ? line : null, written.Length + text.Length > 0 ? Node(written, text, format) : null);
    }

    private static JsonNode Node(string signature, string text, DocumentationFormat format) =>
        format switch
        {
            DocumentationFormat.Markdown => Markup(MarkupKind.Markdown, Joined(Fenced(signature), Escaped(text))),
            DocumentationFormat.PlainText => Markup(MarkupKind.PlainText, Joined(signature, text)),
            _ => Joined(signature, text),
        };

    private static JsonObject Markup(string kind, string value) => new() { ["kind"] = kind, ["value"] = value };

    private static string Joined(string above, string below) =>
        above.Length > 0 && below.Length > 0 ? $"{above}\n\n{below}" : above + below;

    private static string Fenced(string code) => code.Length > 0 ? $"```csharp\n{code}\n```" : "";

    /// <summary>
    /// The text as Markdown that shows as that text: <c>List&lt;int&gt;</c> is no tag and <c>*</c> no emphasis, and a line's end stays one.
    /// </summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == '\n')
            {
                escaped.Append("  \n");
                continue;
            }

            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '&' or '~' or '|')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
