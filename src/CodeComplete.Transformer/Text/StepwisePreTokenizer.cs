using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>Cuts a text by one step after the other, each within the pieces of the one before.</summary>
internal sealed class StepwisePreTokenizer(IReadOnlyList<ICut> steps) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var pieces = new List<(int Offset, int Length)> { (0, text.Length) };
        foreach (var step in steps)
        {
            var smaller = new List<(int Offset, int Length)>(text.Length / 3 + 1);
            foreach (var (offset, length) in pieces)
            {
                step.Cut(text, offset, length, smaller);
            }

            pieces = smaller;
        }

        return pieces;
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());
}
