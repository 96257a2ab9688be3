using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What became of one suggestion.</summary>
/// <param name="Id">Names the outcome in the memory.</param>
/// <param name="Text">What was suggested; where a part was taken or kept, the part.</param>
/// <param name="Corrects">The outcome that this one takes the place of, where it is not the first.</param>
internal sealed record Outcome(
    Guid Id,
    string Document,
    SuggestionPlace Place,
    SuggestionSource Source,
    AcceptanceKind Kind,
    string Text,
    Guid? Corrects = null
);
