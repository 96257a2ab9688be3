using System.Runtime.InteropServices;

namespace CodeComplete.Memory.Storage;

/// <summary>Takes the sections of an image back in the order in which they were written.</summary>
internal ref struct SectionReader(IReadOnlyList<byte[]> sections)
{
    private int _next;

    /// <exception cref="InvalidDataException">There is none left.</exception>
    public byte[] Bytes() => _next < sections.Count ? sections[_next++] : throw new InvalidDataException("An image lacks a section.");

    /// <exception cref="InvalidDataException">There is none left, or it holds no whole number of items.</exception>
    public T[] Items<T>()
        where T : unmanaged
    {
        var bytes = Bytes();
        var items = MemoryMarshal.Cast<byte, T>(bytes);
        return MemoryMarshal.AsBytes(items).Length == bytes.Length
            ? items.ToArray()
            : throw new InvalidDataException("A section of an image ends in the middle of an item.");
    }
}
