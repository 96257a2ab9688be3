using CodeComplete.Engine.Chain;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Explaining;

/// <summary>The attention that a prompt's tokens get, as shares of its pieces and their lines; the first token, the sink, has none.</summary>
/// <param name="layers">As <see cref="AttentionReader.Read"/> gives them; at least one.</param>
internal sealed class AttentionShares(CodeTokenizer tokenizer, Prompt prompt, IReadOnlyList<float[]> layers)
{
    private readonly double[] _shares = Shares(layers);

    /// <summary>Of all of a piece.</summary>
    public double Of(PromptPiece piece) => _shares.AsSpan(piece.Start..piece.End).ToArray().Sum();

    /// <summary>Of each of a piece's lines: a token counts for the line on which it ends. The prefix's last one is the cursor's.</summary>
    public double[] LinesOf(PromptPiece piece)
    {
        var lines = new List<double> { 0 };
        for (var token = piece.Start; token < piece.End; token++)
        {
            lines.AddRange(new double[tokenizer.BytesOf(prompt.Tokens[token]).Count((byte)'\n')]);
            lines[^1] += _shares[token];
        }

        return piece.Content == PromptContent.Prefix ? [.. lines, .. new double[prompt.Typed.AsSpan().Count('\n')]] : [.. lines];
    }

    /// <summary>The parts of the same prompt, in its order, with their attention.</summary>
    public IReadOnlyList<ExplainedPart> Shade(IReadOnlyList<ExplainedPart> parts)
    {
        var snippets = prompt
            .Pieces.Where(static piece => piece.Content == PromptContent.Snippets)
            .ToDictionary(static piece => piece.Snippet);
        var suffix = prompt.Pieces.FirstOrDefault(static piece => piece.Content == PromptContent.Suffix);
        var prefix = LinesOf(prompt.Pieces.Single(static piece => piece.Content == PromptContent.Prefix));
        var snippet = parts.Count(static part => part.Kind == ExplainedPartKind.Snippet);
        var line = prefix.Length - parts.Count(static part => part.Kind == ExplainedPartKind.Line);
        return [.. parts.Select(Shaded)];

        ExplainedPart Shaded(ExplainedPart part) =>
            part.Kind switch
            {
                // The first line is the path.
                ExplainedPartKind.Snippet => Piece(part, snippets.GetValueOrDefault(--snippet), skipped: 1),
                ExplainedPartKind.Suffix => Piece(part, suffix, skipped: 0),
                _ => Line(part, line++ is >= 0 and var at ? prefix[at] : 0),
            };

        static ExplainedPart Line(ExplainedPart part, double share) => part with { Attention = share, LineAttention = [share] };

        ExplainedPart Piece(ExplainedPart part, PromptPiece? piece, int skipped)
        {
            var lines = new double[part.Text.AsSpan().Count('\n') + 1];
            foreach (var (at, share) in (piece is null ? [] : LinesOf(piece)).Skip(skipped).Index())
            {
                // A snippet's last line end begins no line of its own.
                lines[Math.Min(at, lines.Length - 1)] += share;
            }

            return part with
            {
                Attention = piece is null ? 0 : Of(piece),
                LineAttention = lines,
            };
        }
    }

    private static double[] Shares(IReadOnlyList<float[]> layers)
    {
        var shares = new double[layers[0].Length];
        foreach (var layer in layers)
        {
            for (var token = 1; token < shares.Length; token++)
            {
                shares[token] += layer[token];
            }
        }

        var sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(share => share / sum)] : shares;
    }
}
