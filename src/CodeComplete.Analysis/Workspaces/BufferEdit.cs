namespace CodeComplete.Analysis;

/// <summary>A range in a text, counted from 0; characters are UTF-16 units. The end is exclusive.</summary>
public readonly record struct BufferRange(int StartLine, int StartCharacter, int EndLine, int EndCharacter);

/// <summary>
/// One change of a buffer. <paramref name="Range"/> is <see langword="null"/> where <paramref name="Text"/> replaces everything; a
/// position outside the text is taken to the nearest one inside.
/// </summary>
public readonly record struct BufferEdit(BufferRange? Range, string Text);
