using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Tags;

namespace CodeComplete.Analysis;

/// <summary>Items of our own whose text is a snippet in LSP's syntax: placeholders, and tabs for levels of indentation.</summary>
internal static partial class Snippet
{
    private static readonly ImmutableArray<string> Tags = [WellKnownTags.Snippet];

    /// <param name="replacesFrom">What stands from here up to the word goes; <see langword="null"/> where only the word is replaced.</param>
    public static ListedItem Item(string name, string text, int? replacesFrom = null) =>
        new(CompletionItem.Create(name, tags: Tags), ListedKind.Snippet, text) { IsSnippet = true, ReplacesFrom = replacesFrom };

    /// <summary>Source text as a snippet that writes just that.</summary>
    public static string Escape(string source) => Special().Replace(source, @"\$0");

    /// <summary>What the snippet looks like, its placeholders' names in their places.</summary>
    public static string Preview(string text)
    {
        var names = Placeholder()
            .Matches(text)
            .Where(match => match.Groups["number"].Success && match.Groups["name"].Success)
            .ToDictionary(match => match.Groups["number"].Value, match => match.Groups["name"].Value, StringComparer.Ordinal);
        return Placeholder()
            .Replace(
                text,
                match =>
                    match.Groups["name"].Success ? match.Groups["name"].Value : names.GetValueOrDefault(match.Groups["number"].Value, "")
            )
            .Replace("\t", "    ", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\\$}]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Special();

    [GeneratedRegex(
        @"\$\{(?<number>\d+):(?<name>[^}]*)\}|\$(?<number>\d+)|\\(?<name>[\\$}])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Placeholder();
}
