using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What outcomes say of each name: the first identifier of what was suggested. Not for use by two threads at once.</summary>
internal sealed class AcceptedNames
{
    // The user wrote another name there, which says less than taking this one does: it may be right at the next place.
    private const double Refusal = 0.5;

    private readonly Dictionary<string, FadingCount> _names = new(StringComparer.Ordinal);

    /// <returns>How often the name was taken of late, less half of how often it was refused; 0 for a name that was never suggested.</returns>
    public double Weight(string name, DateTimeOffset now) =>
        _names.TryGetValue(name, out var count) && count.At(now) is var (taken, refused) ? taken - refused : 0;

    public void Add(Acceptance outcome)
    {
        var text = outcome.Text.AsSpan();
        var length = text.IndexOfAnyExcept(NameCharacters);
        length = length < 0 ? text.Length : length;
        if (length == 0)
        {
            // It went on after a name that the user had typed, or had no name in front.
            return;
        }

        // A suggestion may go on with a name whose beginning was typed.
        var before = outcome.Before.AsSpan();
        var name = string.Concat(before[(before.LastIndexOfAnyExcept(NameCharacters) + 1)..], text[..length]);
        if (!_names.TryGetValue(name, out var count))
        {
            _names[name] = count = new FadingCount();
        }

        var isRefused = outcome.Kind == AcceptanceKind.Rejected;
        count.Add(outcome.When, isRefused ? 0 : 1, isRefused ? Refusal : 0);
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );
}
