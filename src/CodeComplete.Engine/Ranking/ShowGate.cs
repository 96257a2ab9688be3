namespace CodeComplete.Engine.Ranking;

/// <summary>What is known of one ghost text's worth before it is shown; the weights are outcomes that fade (<see cref="Learning.Decay"/>).</summary>
internal readonly record struct ShowFeatures
{
    /// <summary>The mean probability of its tokens, 0 to 1.</summary>
    public double Probability { get; init; }

    /// <summary>How often this very text was taken in places like this; a part counts half.</summary>
    public double TextAccepted { get; init; }

    /// <summary>How often it was refused there.</summary>
    public double TextRejected { get; init; }

    /// <summary>How often any text was taken in such places.</summary>
    public double PlaceAccepted { get; init; }

    /// <summary>How often any text was refused there.</summary>
    public double PlaceRejected { get; init; }

    /// <summary>How often any text was taken there after this one was last refused.</summary>
    public double PlaceAcceptedSince { get; init; }
}

/// <summary>
/// Decides whether ghost text is shown, by an estimate of the probability that it is taken: the mean of a Beta distribution whose prior leans a
/// little on the model and on the place, and which this text's own outcomes move. Only a text's own refusals can hide it; so until the user
/// has refused something, all is shown.
/// </summary>
internal static class ShowGate
{
    /// <summary>What scores less is hidden. A text refused once is above it, one refused twice within a half-life below.</summary>
    public const double Threshold = 0.107;

    // The prior counts as one outcome; one of the text's own as three, so that two refusals outweigh it whatever it was.
    private const double TextWeight = 3;

    // Taking something else in such a place says that suggestions are wanted there: enough to give a text that was refused twice another try.
    private const double OtherTextWeight = 0.15;

    /// <returns>The estimated probability that the suggestion is taken, above 0 and below 1.</returns>
    public static double Score(in ShowFeatures features)
    {
        var placeRate = (features.PlaceAccepted + 1) / (features.PlaceAccepted + features.PlaceRejected + 2);
        var prior = 0.45 + 0.05 * Math.Clamp(features.Probability, 0, 1) + 0.05 * placeRate;
        var taken = TextWeight * (features.TextAccepted + OtherTextWeight * features.PlaceAcceptedSince);
        return (prior + taken) / (1 + taken + TextWeight * features.TextRejected);
    }
}
