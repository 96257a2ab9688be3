using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>Applies an editor's edits to a text. The result shares what did not change with the old one.</summary>
internal static class BufferText
{
    /// <summary>Applies the edits one after the other, each to the result of the one before (as LSP has it).</summary>
    public static SourceText Apply(SourceText text, IReadOnlyList<BufferEdit> edits)
    {
        foreach (var edit in edits)
        {
            text = edit.Range is { } range ? text.WithChanges(new TextChange(Span(text, range), edit.Text)) : From(edit.Text);
        }

        return text;
    }

    public static SourceText From(string text) => SourceText.From(text, checksumAlgorithm: SourceHashAlgorithm.Sha256);

    private static TextSpan Span(SourceText text, BufferRange range)
    {
        var start = LineMap.Offset(text, range.StartLine, range.StartCharacter);
        var end = LineMap.Offset(text, range.EndLine, range.EndCharacter);

        // A range that ends before it starts is a client's slip; both ends then are the start.
        return TextSpan.FromBounds(start, Math.Max(start, end));
    }
}
