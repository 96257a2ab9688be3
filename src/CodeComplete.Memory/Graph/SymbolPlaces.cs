namespace CodeComplete.Memory;

/// <summary>A symbol and the file that declares it.</summary>
public sealed record SymbolPlace(string Path, SymbolNode Node);

/// <summary>A place that uses a symbol.</summary>
/// <param name="Line">From 0.</param>
/// <param name="From">The member, or type, that the place is in; <see langword="null"/> for top-level statements.</param>
public sealed record SymbolUse(string Path, int Line, SymbolNode? From);
