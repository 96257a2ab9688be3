using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>Ends the decoding at the end of the cursor's line.</summary>
/// <param name="typedLength">The characters at the start of the written text that stand left of the cursor.</param>
internal sealed class LineStop(int typedLength) : IStop
{
    public int? EndOf(string written)
    {
        if (written.Length <= typedLength)
        {
            return null;
        }

        var end = written.IndexOf('\n', typedLength);
        return end < 0 ? null : end;
    }
}
