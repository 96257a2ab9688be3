using System.Text.Json;
using System.Text.Json.Serialization;
using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Ranking;

/// <summary>What the model gate knows of a suggestion.</summary>
/// <param name="Probability">The mean probability of its tokens, 0 to 1.</param>
/// <param name="Lowest">The least of them.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="Place">The kind of place, as evaluation names it (<see cref="Evaluation.CaseKinds"/>); <see langword="null"/>: none of these.</param>
internal readonly record struct GateFeatures(double Probability, double Lowest, int Length, string? Place)
{
    /// <summary>The kind of place that evaluation would call the cursor's.</summary>
    /// <param name="before">The cursor's line left of the cursor.</param>
    public static string? PlaceOf(CursorContext context, ReadOnlySpan<char> before) =>
        context switch
        {
            { TypedName.Length: > 0 } => Evaluation.CaseKinds.InsideWord,
            { Kind: PlaceKind.MemberAccess } => Evaluation.CaseKinds.AfterDot,
            { Kind: PlaceKind.Argument } => Evaluation.CaseKinds.Argument,
            { Kind: PlaceKind.StatementStart } => Evaluation.CaseKinds.StatementStart,
            _ when before.IsWhiteSpace() => Evaluation.CaseKinds.FreshLine,
            _ => null,
        };
}

/// <summary>
/// How probably a suggestion is what the user writes, as evaluation of this model has taught it: a logistic regression whose weights lie in the
/// model's folder (<c>gate.json</c>, made by <c>models/training/gate.py</c>), since what a probability is worth depends on the model.
/// </summary>
internal sealed record ModelGate
{
    public const string FileName = "gate.json";

    // As in gate.py.
    private const double LeastOdds = 1e-3;
    private const double LeastProbability = 1e-4;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = true,
    };

    public required double Bias { get; init; }

    /// <summary>Of the logarithm of the mean probability's odds.</summary>
    public required double LogOdds { get; init; }

    /// <summary>Of the lowest probability's logarithm.</summary>
    public required double LogLowest { get; init; }

    /// <summary>Of the length's logarithm.</summary>
    public required double LogLength { get; init; }

    /// <summary>Of the kinds of place; one that is missing has none.</summary>
    public required IReadOnlyDictionary<string, double> Places { get; init; }

    /// <summary>What is less probable is not shown to who types.</summary>
    public required double Threshold { get; init; }

    /// <returns><see langword="null"/> where the folder has no gate.</returns>
    /// <exception cref="ModelException">It has one that cannot be read.</exception>
    public static ModelGate? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ModelGate>(File.ReadAllBytes(path), Format) is { Places: not null } gate
                ? gate
                : throw new JsonException("no weights");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}): copy it again, or take it away.", e);
        }
    }

    /// <returns>0 to 1.</returns>
    public double Score(in GateFeatures features)
    {
        var odds = Math.Clamp(features.Probability, LeastOdds, 1 - LeastOdds);
        var sum =
            Bias
            + LogOdds * Math.Log(odds / (1 - odds))
            + LogLowest * Math.Log(Math.Max(features.Lowest, LeastProbability))
            + LogLength * Math.Log(Math.Max(features.Length, 1))
            + (features.Place is { } place ? Places.GetValueOrDefault(place) : 0);
        return 1 / (1 + Math.Exp(-sum));
    }
}
