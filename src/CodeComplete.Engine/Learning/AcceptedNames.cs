using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>How often each name was taken from a suggestion: the first identifier of what was accepted. Counted once, kept until more is learned.</summary>
internal sealed class AcceptedNames
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectMemory, Dictionary<string, int>> _counts = [];

    public int Count(ProjectMemory memory, string name)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(memory, out var names))
            {
                names = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var acceptance in memory.Acceptances())
                {
                    Add(names, acceptance);
                }

                _counts[memory] = names;
            }

            return names.GetValueOrDefault(name);
        }
    }

    /// <summary>An outcome was recorded in this memory.</summary>
    public void Learn(ProjectMemory memory, Acceptance acceptance)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue(memory, out var names))
            {
                Add(names, acceptance);
            }
        }
    }

    private static void Add(Dictionary<string, int> names, Acceptance acceptance)
    {
        if (acceptance.Kind == AcceptanceKind.Rejected)
        {
            return;
        }

        // A suggestion may go on with a name whose beginning was typed.
        var typed = acceptance.Before.AsSpan(acceptance.Before.AsSpan().TrimEnd(NameCharacters).Length);
        var rest = acceptance.Text.AsSpan();
        var length = rest.Length - rest.TrimStart(NameCharacters).Length;
        if (typed.Length + length > 0)
        {
            var name = string.Concat(typed, rest[..length]);
            names[name] = names.GetValueOrDefault(name) + 1;
        }
    }

    private const string NameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
}
