using System.Globalization;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Ranking;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>
/// Learning back: what was shown is followed through the edits, each outcome is learned at once and goes to the disk in the background, and
/// ranking and the gate ask here what it says.
/// </summary>
internal sealed class Learner
{
    private readonly MemorySet _memories;
    private readonly LearnedOutcomes _learned;
    private readonly OutcomeTracker _ghosts;
    private readonly ListChoices _choices;
    private readonly TimeProvider _time;
    private readonly Action<Action> _inBackground;

    /// <param name="inBackground">Runs work later, in order: to the disk and back takes longer than an edit may wait.</param>
    public Learner(MemorySet memories, TimeProvider time, Action<Action> inBackground)
    {
        (_memories, _time, _inBackground) = (memories, time, inBackground);
        _learned = new LearnedOutcomes(time);
        _ghosts = new OutcomeTracker(time, Decided);
        _choices = new ListChoices(Decided);
    }

    /// <inheritdoc cref="OutcomeTracker.Shown"/>
    public bool Shown(ShownSuggestion suggestion, int from) => _ghosts.Shown(suggestion, from);

    /// <inheritdoc cref="OutcomeTracker.Withdraw"/>
    public void Withdraw(ShownSuggestion suggestion) => _ghosts.Withdraw(suggestion.Ghost.Id);

    /// <inheritdoc cref="ListChoices.Asked"/>
    public OfferedList ListAsked(string document, Position start, SuggestionPlace place) => _choices.Asked(document, start, place);

    /// <summary>The document is edited; its edits in the order in which they are made.</summary>
    public void Edited(string document, IReadOnlyList<DocumentEdit> edits) =>
        _choices.Edited(document, edits, isOthers: _ghosts.Edited(document, edits));

    public void Closed(string document)
    {
        _ghosts.Closed(document);
        _choices.Closed(document);
    }

    /// <inheritdoc cref="OutcomeTracker.Accepted"/>
    public void Accepted(string id) => _ghosts.Accepted(id);

    /// <inheritdoc cref="OutcomeTracker.PartiallyAccepted"/>
    public void PartiallyAccepted(string id, int length) => _ghosts.PartiallyAccepted(id, length);

    /// <inheritdoc cref="OutcomeTracker.ShownByClient"/>
    public void ShownByClient(string id) => _ghosts.ShownByClient(id);

    /// <inheritdoc cref="AcceptedNames.Weight"/>
    public double WeightOf(string document, string name) => _memories.For(document) is { } memory ? _learned.WeightOf(memory, name) : 0;

    /// <summary>What the gate says of a suggestion, and where it hides it, why.</summary>
    /// <param name="unsure">What the model's own gate has against it; what the user took in such a place before counts more.</param>
    public (double Score, string? WhyHidden) Gate(
        string document,
        SuggestionPlace place,
        string text,
        double probability,
        string? unsure = null
    )
    {
        var features = _memories.For(document) is { } memory
            ? _learned.Features(memory, place, text, probability)
            : new ShowFeatures { Probability = probability };
        var score = ShowGate.Score(features);
        return (
            score,
            score >= ShowGate.Threshold
                ? features.TextAccepted > 0
                    ? null
                    : unsure
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"hidden, since it was refused in places like this (gate {score:0.000}, shown from {ShowGate.Threshold:0.000}): {text.Trim()}"
                )
        );
    }

    /// <summary>The memories have forgotten outcomes, or have heard of others.</summary>
    public void Reset(ProjectMemory memory) => _learned.Reset(memory);

    private void Decided(Outcome outcome)
    {
        if (_memories.For(outcome.Document) is not { } memory)
        {
            return;
        }

        var acceptance = new Acceptance
        {
            Id = outcome.Id,
            Path = _memories.RelativePath(outcome.Document),
            Before = outcome.Place.LineBefore,
            Text = outcome.Text,
            When = _time.GetUtcNow(),
            Kind = outcome.Kind,
            Source = outcome.Source,
            ReceiverType = outcome.Place.ReceiverType,
            EnclosingMember = outcome.Place.EnclosingMember,
            Place = outcome.Place.Kind,
            Corrects = outcome.Corrects,
        };
        // At once, for the next list and the next ghost text. What it corrects is unlearned by reading all again, which comes after the writing.
        if (acceptance.Corrects is null)
        {
            _learned.Learn(memory, acceptance);
        }

        _inBackground(() =>
        {
            memory.RecordAcceptance(acceptance);
            _learned.Learn(memory, acceptance);
        });
    }
}
