using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

/// <summary>A file in the index, and where its snippets' numbers begin; they are consecutive.</summary>
internal sealed class IndexedFile(RememberedFile file, int first)
{
    public RememberedFile File { get; set; } = file;

    public int First { get; set; } = first;

    public int NewFirst { get; set; }

    /// <summary>The words whose lists hold this file's snippets, by rising number, each as its distance to the one before.</summary>
    public ReadOnlyMemory<byte> Terms { get; set; }

    /// <summary>What others have attached to the text as it is now.</summary>
    public PartKinds Parts { get; set; }

    /// <summary>When it was last put or recalled, in changes to the index: no clock that could be set back.</summary>
    public long LastUse { get; set; }

    public int Recalls { get; set; }

    /// <summary>Packs numbers that rise.</summary>
    public static byte[] Pack(ReadOnlySpan<int> terms)
    {
        var bytes = new byte[terms.Length * 5];
        int length = 0,
            last = 0;
        foreach (var term in terms)
        {
            var distance = (uint)(term - last);
            for (; distance >= 0x80; distance >>= 7)
            {
                bytes[length++] = (byte)(distance | 0x80);
            }

            bytes[length++] = (byte)distance;
            last = term;
        }

        return bytes[..length];
    }

    /// <summary>Reads the next of <see cref="Terms"/>.</summary>
    /// <param name="term">The one before, 0 at first.</param>
    public static void Next(ReadOnlySpan<byte> terms, ref int at, ref int term)
    {
        uint next = terms[at++];
        var distance = next & 0x7f;
        for (var shift = 7; next >= 0x80; shift += 7)
        {
            next = terms[at++];
            distance |= (next & 0x7f) << shift;
        }

        term += (int)distance;
    }
}
