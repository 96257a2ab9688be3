using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>How a prompt is laid out for a model: <c>prompt.json</c>. Format 1 is file, snippets, suffix, prefix, and the model goes on.</summary>
public sealed record PromptFormat
{
    /// <summary>The only layout this version writes.</summary>
    public const int Supported = 1;

    private const string FileName = "prompt.json";

    public required int Number { get; init; }

    /// <summary>The special token before the path of the file being written.</summary>
    public required string File { get; init; }

    /// <summary>The special token before each recalled snippet.</summary>
    public required string Snippet { get; init; }

    /// <summary>The special token before the text after the cursor.</summary>
    public required string Suffix { get; init; }

    /// <summary>The special token before the text before the cursor.</summary>
    public required string Prefix { get; init; }

    /// <summary>The special token with which the model ends what belongs at the cursor.</summary>
    public required string End { get; init; }

    /// <summary>The special token with which any text ends.</summary>
    public required string EndOfText { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Tokens of all snippets together.</summary>
    public required int SnippetTokens { get; init; }

    /// <summary>Tokens of the text after the cursor.</summary>
    public required int SuffixTokens { get; init; }

    /// <summary>Tokens kept free for the answer.</summary>
    public required int MiddleTokens { get; init; }

    /// <exception cref="ModelException">The file is missing, broken, or of another format.</exception>
    internal static PromptFormat Read(string folder)
    {
        using var file = JsonFile.Open(folder, FileName);
        var number = file.Integer("format");
        if (number != Supported)
        {
            throw new ModelException(
                $"'{file.Path}' is prompt format {number}, but this version writes format {Supported}: use a model folder that fits this version."
            );
        }

        var tokens = file.Member("tokens", JsonValueKind.Object);
        var context = file.Member("context", JsonValueKind.Object);
        var format = new PromptFormat
        {
            Number = number,
            File = file.Text("file", tokens),
            Snippet = file.Text("snippet", tokens),
            Suffix = file.Text("suffix", tokens),
            Prefix = file.Text("prefix", tokens),
            End = file.Text("end", tokens),
            EndOfText = file.Text("endOfText", tokens),
            MaxTokens = file.Positive("maxTokens", context),
            SnippetTokens = file.Integer("snippetTokens", context),
            SuffixTokens = file.Integer("suffixTokens", context),
            MiddleTokens = file.Positive("middleTokens", context),
        };
        if (
            format.SnippetTokens < 0
            || format.SuffixTokens < 0
            || format.SnippetTokens + format.SuffixTokens + format.MiddleTokens >= format.MaxTokens
        )
        {
            throw file.Bad("its context budget leaves no room for the text before the cursor");
        }

        return format;
    }
}
