using System.Runtime.CompilerServices;
using CodeComplete.Engine.Ranking;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What the outcomes in a memory teach ranking and the gate. Read from the memory once, then told of each new one.</summary>
internal sealed class LearnedOutcomes(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<ProjectMemory, Learned> _memories = [];

    private sealed class Learned
    {
        // An outcome may be told of while it is read: once counts.
        public HashSet<Guid> Known { get; } = [];

        public AcceptedNames Names { get; } = new();

        public PlaceOutcomes Places { get; } = new();
    }

    /// <summary>
    /// An outcome was recorded in this memory, or is about to be. Who says so before and after the recording loses none to a reading in between,
    /// and learns none twice.
    /// </summary>
    public void Learn(ProjectMemory memory, Acceptance outcome)
    {
        lock (_gate)
        {
            if (outcome.Corrects is not null)
            {
                // What it corrects was learned; all is read again without that. It is rare.
                _memories.Remove(memory);
            }
            else if (_memories.TryGetValue(memory, out var learned))
            {
                Add(learned, outcome);
            }
        }
    }

    /// <summary>The memory has forgotten outcomes, or has heard of others: all is read again.</summary>
    public void Reset(ProjectMemory memory)
    {
        lock (_gate)
        {
            _memories.Remove(memory);
        }
    }

    /// <inheritdoc cref="AcceptedNames.Weight"/>
    public double WeightOf(ProjectMemory memory, string name)
    {
        lock (_gate)
        {
            return Of(memory).Names.Weight(name, time.GetUtcNow());
        }
    }

    /// <inheritdoc cref="PlaceOutcomes.Features"/>
    public ShowFeatures Features(ProjectMemory memory, SuggestionPlace place, string text, double probability)
    {
        lock (_gate)
        {
            return Of(memory).Places.Features(place, text, probability, time.GetUtcNow());
        }
    }

    private Learned Of(ProjectMemory memory)
    {
        if (_memories.TryGetValue(memory, out var learned))
        {
            return learned;
        }

        learned = new Learned();
        var outcomes = memory.Acceptances();
        var corrected = outcomes.Select(static o => o.Corrects).OfType<Guid>().ToHashSet();
        foreach (var outcome in outcomes.Reverse())
        {
            if (!corrected.Contains(outcome.Id))
            {
                Add(learned, outcome);
            }
        }

        _memories.Add(memory, learned);
        return learned;
    }

    private static void Add(Learned learned, Acceptance outcome)
    {
        if (learned.Known.Add(outcome.Id))
        {
            learned.Names.Add(outcome);
            learned.Places.Add(outcome);
        }
    }
}
