using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;

namespace CodeComplete.Benchmarks;

/// <summary>Ways of asking the memory, to see what each of its sources is worth.</summary>
internal static class RecallWays
{
    public static ChainParts Ungated { get; } = new() { Query = query => query with { LeastCoverage = 0 } };

    public static ChainParts Gated(double leastCoverage) => new() { Query = query => query with { LeastCoverage = leastCoverage } };

    public static ChainParts Only(RecallSources sources) => new() { Query = query => query with { Sources = sources } };

    public static ChainParts Without(RecallSources sources) => new() { Query = query => query with { Sources = query.Sources & ~sources } };

    public static ChainParts With(RecallSources sources) => new() { Query = query => query with { Sources = query.Sources | sources } };

    /// <summary>A source alone and ungated, as it is before fusion.</summary>
    public static ChainParts Bare(RecallSources source) => new() { Query = query => query with { Sources = source, LeastCoverage = 0 } };
}
