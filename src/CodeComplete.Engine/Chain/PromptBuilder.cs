using CodeComplete.Memory;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>A piece of other code, ready for the prompt.</summary>
/// <param name="Path">Relative to the workspace, with <c>/</c>.</param>
internal sealed record PromptSnippet(string Path, string Code);

/// <summary>How many tokens each part of a prompt may take.</summary>
internal sealed record PromptBudget(int Prefix, int Suffix, int Snippets);

/// <summary>A prompt with its cursor healed.</summary>
/// <param name="Tokens">What the decoder reads.</param>
/// <param name="PrefixEnd">How many of the tokens stand before the cursor; all of them where the prefix is last.</param>
/// <param name="Typed">The document's text left of the cursor that the decoder has to write again, because tokens run over the cursor.</param>
internal sealed record Prompt(IReadOnlyList<int> Tokens, int PrefixEnd, string Typed)
{
    /// <summary>Which of the tokens say what, in their order; marks belong to none.</summary>
    public required IReadOnlyList<PromptPiece> Pieces { get; init; }
}

/// <summary>The tokens of a part of a prompt, from <paramref name="Start"/>, <paramref name="End"/> excluded.</summary>
/// <param name="Snippet">Of a snippet, its number among those that were given; else 0. Its first line is its path.</param>
internal sealed record PromptPiece(PromptContent Content, int Snippet, int Start, int End);

/// <summary>
/// Builds prompts in the layout of the tokenizer's model. That of the shipped one is
/// <c>&lt;|file|&gt;path\n (&lt;|snippet|&gt;path\ncode\n)* &lt;|suffix|&gt;text after&lt;|prefix|&gt;text before</c>: the prefix is last, so that
/// a keystroke only appends and the decoder's key/value cache stays valid for all that stands before. In other layouts the suffix follows,
/// and is read again at each keystroke.
/// </summary>
internal sealed class PromptBuilder(CodeTokenizer tokenizer, PromptBudget budget)
{
    // C# in this vocabulary has 3.5 characters a token; more are taken, and the tokens counted.
    private const int CharactersPerToken = 5;

    // The prefix starts at a line whose number is a multiple of this, so that it stays put while the user types.
    private const int LineStep = 16;

    private const int PathSegments = 3;

    // Of what the format keeps for path and marks.
    private const int LongestPath = PromptFormat.FrameTokens * 2 / 3;

    /// <summary>What all snippets together may take, in tokens.</summary>
    public int SnippetBudget => budget.Snippets;

    /// <summary>What a snippet takes of the prompt, in tokens.</summary>
    public int CostOf(PromptSnippet snippet) => tokenizer.Layout.SnippetMark.Count + Encode(snippet).Count;

    /// <summary>The lines of a document, from 0, the end excluded, that a prompt shows besides the snippets, wholly or in part.</summary>
    public LineRange ShownLines(string text, int cursor)
    {
        var start = PrefixStart(text, cursor);
        var end = Math.Min(text.Length, EndOfLine(text, cursor) + (budget.Suffix * CharactersPerToken));
        var first = text.AsSpan(0, start).Count('\n');
        return new LineRange(first, first + text.AsSpan(start, end - start).Count('\n') + 1);
    }

    /// <param name="path">The file's path, relative to the workspace, with <c>/</c>.</param>
    /// <param name="text">The whole document.</param>
    /// <param name="cursor">UTF-16 units from its start.</param>
    /// <param name="onlyClosersFollow">The rest of the cursor's line is nothing that the model must see.</param>
    /// <param name="snippets">The best one first; it will stand nearest to the cursor.</param>
    public Prompt Build(string path, string text, int cursor, bool onlyClosersFollow, IReadOnlyList<PromptSnippet> snippets)
    {
        var tokens = new List<int>(budget.Prefix + budget.Suffix + budget.Snippets + 64);
        var prefixEnd = 0;
        var typed = "";
        var pieces = new List<PromptPiece>();
        foreach (var (content, mark) in tokenizer.Layout.Parts)
        {
            if (content == PromptContent.Suffix && budget.Suffix == 0)
            {
                continue;
            }

            tokens.AddRange(mark);
            var begin = tokens.Count;
            switch (content)
            {
                case PromptContent.File:
                    tokens.AddRange(tokenizer.Encode(ShortPath(path) + "\n").Take(LongestPath));
                    break;
                case PromptContent.Snippets:
                    AddSnippets(tokens, pieces, snippets);
                    continue;
                case PromptContent.Suffix:
                    var suffixStart = onlyClosersFollow && tokenizer.Layout.SuffixStartsAtLineEnd ? EndOfLine(text, cursor) : cursor;
                    var suffix = text.AsSpan(suffixStart, Math.Min(text.Length - suffixStart, budget.Suffix * CharactersPerToken));
                    tokens.AddRange(tokenizer.Encode(Normalize(suffix.ToString())).Take(budget.Suffix));
                    break;
                case PromptContent.Prefix:
                    var start = PrefixStart(text, cursor);
                    var healed = Healing.Heal(tokenizer, tokenizer.Encode(Normalize(text[start..cursor])));
                    tokens.AddRange(healed.Tokens.Skip(healed.Tokens.Count - budget.Prefix));
                    typed = healed.Typed;
                    prefixEnd = tokens.Count;
                    break;
            }

            pieces.Add(new PromptPiece(content, Snippet: 0, begin, tokens.Count));
        }

        return new Prompt(tokens, prefixEnd, typed) { Pieces = pieces };
    }

    private void AddSnippets(List<int> tokens, List<PromptPiece> pieces, IReadOnlyList<PromptSnippet> snippets)
    {
        var parts = new List<(int Snippet, IReadOnlyList<int> Code)>();
        var left = budget.Snippets;
        foreach (var (at, snippet) in snippets.Index())
        {
            var code = Encode(snippet);
            var cost = tokenizer.Layout.SnippetMark.Count + code.Count;
            if (cost <= left)
            {
                left -= cost;
                parts.Add((at, code));
            }
        }

        foreach (var (at, code) in Enumerable.Reverse(parts))
        {
            tokens.AddRange(tokenizer.Layout.SnippetMark);
            pieces.Add(new PromptPiece(PromptContent.Snippets, at, tokens.Count, tokens.Count + code.Count));
            tokens.AddRange(code);
        }
    }

    private IReadOnlyList<int> Encode(PromptSnippet snippet) =>
        tokenizer.Encode(ShortPath(snippet.Path) + "\n" + Normalize(snippet.Code) + "\n");

    /// <summary>The start of the line from which on the prefix fits the budget, taken down to the next step of lines.</summary>
    private int PrefixStart(string text, int cursor)
    {
        var earliest = cursor - budget.Prefix * 7 / 2;
        if (earliest <= 0)
        {
            return 0;
        }

        var line = text.AsSpan(0, earliest).Count('\n');
        var start = earliest;
        for (var next = text.IndexOf('\n', start); next >= 0 && next < cursor; next = text.IndexOf('\n', next + 1))
        {
            line++;
            start = next + 1;
            if (line % LineStep == 0)
            {
                return start;
            }
        }

        // Few and long lines: the first whole one, or just the budget.
        var first = text.IndexOf('\n', earliest);
        return first >= 0 && first < cursor ? first + 1 : earliest;
    }

    private static int EndOfLine(string text, int cursor)
    {
        var end = text.IndexOf('\n', cursor);
        if (end < 0)
        {
            return text.Length;
        }

        return end > cursor && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The model learned line feeds alone.</summary>
    private static string Normalize(string text) => text.Contains('\r', StringComparison.Ordinal) ? text.ReplaceLineEndings("\n") : text;

    private static string ShortPath(string path)
    {
        var parts = path.Split('/');
        return parts.Length <= PathSegments ? path : string.Join('/', parts[^PathSegments..]);
    }
}
