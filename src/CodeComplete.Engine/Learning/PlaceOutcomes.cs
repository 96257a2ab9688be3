using CodeComplete.Engine.Ranking;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What became of ghost text in places that are alike (<see cref="LikePlace"/>). Not for use by two threads at once.</summary>
internal sealed class PlaceOutcomes
{
    // A part taken, or kept of what was taken, says half.
    private const double Part = 0.5;

    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    private sealed class Place
    {
        public FadingCount All { get; } = new();

        public Dictionary<string, FadingCount> ByText { get; } = new(StringComparer.Ordinal);
    }

    public void Add(Acceptance outcome)
    {
        if (outcome.Source != SuggestionSource.GhostText || outcome.Text.Length == 0)
        {
            return;
        }

        var key = LikePlace.Of(outcome);
        if (!_places.TryGetValue(key, out var place))
        {
            _places[key] = place = new Place();
        }

        var text = LikePlace.WholeText(outcome.Before, outcome.Text);
        if (!place.ByText.TryGetValue(text, out var count))
        {
            place.ByText[text] = count = new FadingCount();
        }

        var (taken, refused) = outcome.Kind switch
        {
            AcceptanceKind.Accepted => (1.0, 0.0),
            AcceptanceKind.Rejected => (0.0, 1.0),
            _ => (Part, 0.0),
        };
        place.All.Add(outcome.When, taken, refused);
        count.Add(outcome.When, taken, refused);
    }

    /// <summary>What is known of showing this text at this place.</summary>
    public ShowFeatures Features(SuggestionPlace at, string text, double probability, DateTimeOffset now)
    {
        var features = new ShowFeatures { Probability = probability };
        if (!_places.TryGetValue(LikePlace.Of(at), out var place))
        {
            return features;
        }

        var all = place.All.At(now);
        features = features with { PlaceAccepted = all.For, PlaceRejected = all.Against };
        if (!place.ByText.TryGetValue(LikePlace.WholeText(at.LineBefore, text), out var count))
        {
            return features;
        }

        var (taken, refused) = count.At(now);
        return features with
        {
            TextAccepted = taken,
            TextRejected = refused,
            PlaceAcceptedSince = count.LastRefused is { } last ? place.All.At(now, since: last).For : 0,
        };
    }
}
