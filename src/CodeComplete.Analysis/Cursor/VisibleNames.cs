namespace CodeComplete.Analysis;

/// <summary>Names the compiler knows at a place.</summary>
/// <param name="Start">Where the name that is being written starts, in characters of the written text; negative where it starts before it.</param>
/// <param name="Names">Each is a whole identifier.</param>
public sealed record VisibleNames(int Start, IReadOnlyCollection<string> Names);
