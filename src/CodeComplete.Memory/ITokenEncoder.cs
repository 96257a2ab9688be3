namespace CodeComplete.Memory;

/// <summary>Makes tokens of text. The memory keeps them as numbers that mean nothing to it.</summary>
public interface ITokenEncoder
{
    /// <summary>Names the vocabulary. What was counted in another one is thrown away.</summary>
    string Id { get; }

    IReadOnlyList<int> Encode(string text);
}
