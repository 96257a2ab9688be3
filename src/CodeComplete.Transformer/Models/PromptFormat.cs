using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>What a part of a prompt says.</summary>
public enum PromptContent
{
    /// <summary>Nothing: the part is its mark alone.</summary>
    None,

    /// <summary>The path of the file being written, and a line end.</summary>
    File,

    /// <summary>Recalled snippets, each with a mark of its own.</summary>
    Snippets,

    /// <summary>The text after the cursor.</summary>
    Suffix,

    /// <summary>The text before the cursor.</summary>
    Prefix,
}

/// <summary>A part of a prompt.</summary>
/// <param name="Mark">The names of the special tokens before it, one behind the other; empty for none.</param>
public readonly record struct PromptPart(PromptContent Content, string Mark);

/// <summary>What a server must be told besides the prompt.</summary>
/// <param name="Model">The model's name there; <see langword="null"/> to send none.</param>
/// <param name="SendsSuffix">The server lays out the prompt itself, and is given prefix and suffix apart.</param>
public sealed record RemotePrompt(string? Model, bool SendsSuffix);

/// <summary>
/// How a prompt is laid out for a model: <c>prompt.json</c> (docs/models.md). Parts follow each other in an order, each behind its special
/// tokens, and the model goes on with what belongs at the cursor. Unless the file says otherwise: file, snippets, suffix, prefix.
/// </summary>
public sealed record PromptFormat
{
    /// <summary>The only version of <c>prompt.json</c> that this version reads.</summary>
    public const int Supported = 1;

    /// <summary>What of the budget is kept for the file's path and the marks, in tokens.</summary>
    public const int FrameTokens = 96;

    private const string FileName = "prompt.json";
    private const string AtLineEnd = "endOfCursorLine";
    private const string AtCursor = "cursor";

    private static readonly string[] UsualOrder = ["file", "snippets", "suffix", "prefix"];

    public required int Number { get; init; }

    /// <summary>In the order in which they stand; the prefix once, every other content once at most.</summary>
    public required IReadOnlyList<PromptPart> Parts { get; init; }

    /// <summary>The special tokens before each recalled snippet; empty for none.</summary>
    public required string SnippetMark { get; init; }

    /// <summary>The special tokens of which each ends what is written, the most usual first.</summary>
    public required IReadOnlyList<string> Ends { get; init; }

    /// <summary>
    /// Closers between the cursor and its line's end are left out of the suffix, so that an editor that types them does not change it.
    /// </summary>
    public required bool SuffixStartsAtLineEnd { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Tokens of all snippets together.</summary>
    public required int SnippetTokens { get; init; }

    /// <summary>Tokens of the text after the cursor.</summary>
    public required int SuffixTokens { get; init; }

    /// <summary>Tokens kept free for the answer.</summary>
    public required int MiddleTokens { get; init; }

    public required RemotePrompt Remote { get; init; }

    /// <summary>Every special token, or run of them, that the layout is made of.</summary>
    internal IEnumerable<string> Marks => Parts.Select(p => p.Mark).Append(SnippetMark).Concat(Ends).Where(m => m.Length > 0);

    /// <exception cref="ModelException">The file is missing, broken, or of another version.</exception>
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
            Parts = ReadParts(file, tokens),
            SnippetMark = Mark(file, tokens, "snippet"),
            Ends = ReadEnds(file, tokens),
            SuffixStartsAtLineEnd = ReadSuffixStart(file),
            MaxTokens = file.Positive("maxTokens", context),
            SnippetTokens = file.Integer("snippetTokens", context),
            SuffixTokens = file.Integer("suffixTokens", context),
            MiddleTokens = file.Positive("middleTokens", context),
            Remote = ReadRemote(file),
        };
        if (
            format.SnippetTokens < 0
            || format.SuffixTokens < 0
            || (long)format.SnippetTokens + format.SuffixTokens + format.MiddleTokens + FrameTokens >= format.MaxTokens
        )
        {
            throw file.Bad(
                "its context budget leaves no room for the text before the cursor",
                "make 'maxTokens' larger or the others smaller"
            );
        }

        return format;
    }

    private static List<PromptPart> ReadParts(JsonFile file, JsonElement tokens)
    {
        var parts = new List<PromptPart>();
        foreach (var name in file.Root.TryGetProperty("order", out _) ? file.Texts("order") : UsualOrder)
        {
            var content = name switch
            {
                "file" => PromptContent.File,
                "snippets" => PromptContent.Snippets,
                "suffix" => PromptContent.Suffix,
                "prefix" => PromptContent.Prefix,
                _ => PromptContent.None,
            };
            if (content == PromptContent.None && !tokens.TryGetProperty(name, out _))
            {
                throw file.Bad(
                    $"'order' names '{name}', which is no part and not among 'tokens'",
                    "name file, snippets, suffix, prefix, or a token"
                );
            }

            if (content != PromptContent.None && parts.Exists(p => p.Content == content))
            {
                throw file.Bad($"'order' names '{name}' twice", "name every part once");
            }

            // Each snippet has its mark; all together have none.
            parts.Add(new PromptPart(content, content == PromptContent.Snippets ? "" : Mark(file, tokens, name)));
        }

        if (!parts.Exists(p => p.Content == PromptContent.Prefix))
        {
            throw file.Bad("'order' leaves out 'prefix'", "name it where the text before the cursor belongs");
        }

        if (parts[^1] is not { Content: PromptContent.Prefix or PromptContent.None })
        {
            throw file.Bad(
                "'order' ends with a part from which the model would not know that it must go on at the cursor",
                "end it with prefix, or with the token that asks for the middle"
            );
        }

        return parts;
    }

    private static string Mark(JsonFile file, JsonElement tokens, string name) =>
        tokens.TryGetProperty(name, out _) ? file.Text(name, tokens) : "";

    private static List<string> ReadEnds(JsonFile file, JsonElement tokens)
    {
        var ends = new List<string>();
        ends.AddRange(
            tokens.TryGetProperty("end", out var end) && end.ValueKind == JsonValueKind.Array
                ? file.Texts("end", tokens)
                : [file.Text("end", tokens)]
        );
        if (tokens.TryGetProperty("endOfText", out _))
        {
            ends.Add(file.Text("endOfText", tokens));
        }

        return ends.Count > 0 && !ends.Contains("") ? [.. ends.Distinct(StringComparer.Ordinal)] : throw file.Bad("'end' names no token");
    }

    private static bool ReadSuffixStart(JsonFile file)
    {
        if (!file.Root.TryGetProperty("suffixStartsAt", out _))
        {
            return true;
        }

        var at = file.Text("suffixStartsAt");
        return at is AtLineEnd or AtCursor
            ? at == AtLineEnd
            : throw file.Bad($"'suffixStartsAt' is '{at}'", $"write {AtLineEnd} or {AtCursor}");
    }

    private static RemotePrompt ReadRemote(JsonFile file)
    {
        if (!file.Root.TryGetProperty("remote", out _))
        {
            return new RemotePrompt(Model: null, SendsSuffix: false);
        }

        var remote = file.Member("remote", JsonValueKind.Object);
        return new RemotePrompt(
            remote.TryGetProperty("model", out _) ? file.Text("model", remote) : null,
            remote.TryGetProperty("suffix", out var suffix) && suffix.ValueKind == JsonValueKind.True
        );
    }
}
