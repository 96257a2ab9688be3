using CodeComplete.Engine.Inline;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>
/// Reads from the document's edits what became of each ghost text that was shown. An editor's one signal, the item's command, is skipped on
/// partial accepts and unknown to some editors, so what stands in the text decides:
/// <list type="bullet">
/// <item>accepted: the command came, or the whole of it stands there within <see cref="Watched"/>;</item>
/// <item>partial: other text follows its first whole words, or the time is over while they stand there;</item>
/// <item>rejected: other text was typed there;</item>
/// <item>edited: it was accepted, and when <see cref="Watched"/> was over something else stood there. That takes the acceptance's place;</item>
/// <item>nothing: another suggestion took its place first, the document was closed or its text replaced, all was taken back, nothing was
/// typed there, or it was typed over faster than anyone can read.</item>
/// </list>
/// Nothing here runs by a timer: what time ends is noticed at the next call.
/// </summary>
/// <param name="decided">Hears each outcome in order. Called under a lock: it must return at once.</param>
internal sealed class OutcomeTracker(TimeProvider time, Action<Outcome> decided)
{
    /// <summary>How long a suggestion is followed after it was shown, and again after it was accepted.</summary>
    public static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    /// <summary>Who goes on typing sooner has not read it: a reaction to something seen takes about a quarter of a second.</summary>
    public static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(250);

    private const int Kept = 32;

    // Who has written this much behind a suggestion has done with it.
    private const int MostBehind = 1000;

    private readonly Lock _gate = new();
    private readonly List<Followed> _followed = [];
    private bool _clientTells;

    /// <summary>A suggestion is about to be sent; one that is sent again, as typing goes on along it, is followed on.</summary>
    public void Shown(ShownSuggestion suggestion)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(suggestion.Ghost.Id) is { } again)
            {
                again.Since = time.GetTimestamp();
                return;
            }

            var shown = new Followed(suggestion, time.GetTimestamp());
            foreach (var older in _followed.Where(f => f.Document == shown.Document && f.IsOpen && f.Holds(shown.Text.Start)))
            {
                older.IsSuperseded = true;
            }

            if (_followed.Count == Kept)
            {
                _followed.RemoveAt(0);
            }

            _followed.Add(shown);
        }
    }

    /// <summary>It was not sent after all.</summary>
    public void Withdraw(string id)
    {
        lock (_gate)
        {
            _followed.RemoveAll(f => f.Id == id);
        }
    }

    /// <summary>The document was edited, all edits at once.</summary>
    /// <returns>A ghost text, or several characters of one, came in by this: the user took it from there and from nowhere else.</returns>
    public bool Edited(string document, IReadOnlyList<DocumentEdit> edits)
    {
        lock (_gate)
        {
            EndWatches();
            var taken = false;
            foreach (var followed in _followed.Where(f => f.Document == document).ToList())
            {
                var (stood, wasAccepted) = (followed.Stands, followed.Accepted is not null);
                if (!edits.All(followed.Text.Apply))
                {
                    Lost(followed);
                    continue;
                }

                Judge(followed);
                taken |= !wasAccepted && followed.Stands > stood + 1;
            }

            return taken;
        }
    }

    /// <summary>A document was closed: what had not been decided is not.</summary>
    public void Closed(string document)
    {
        lock (_gate)
        {
            EndWatches();
            _followed.ForEach(f =>
            {
                if (f.Document == document)
                {
                    Settle(f, departed: false);
                }
            });
            _followed.RemoveAll(f => f.Document == document);
        }
    }

    /// <summary>The editor says that the whole of it was taken. An id that is not known is ignored.</summary>
    public void Accepted(string id)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(id) is { } followed)
            {
                Accept(followed);
            }
        }
    }

    /// <summary>The editor says that the first <paramref name="length"/> UTF-16 units of it were taken.</summary>
    public void PartiallyAccepted(string id, int length)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(id) is not { } followed || length <= 0)
            {
                return;
            }

            followed.Confirmed = Math.Max(followed.Confirmed, length);
            if (length >= followed.Suggested.Length)
            {
                Accept(followed);
            }
        }
    }

    /// <summary>The editor says that it shows this one. An editor that says so once is taken at its word: what it does not show teaches nothing.</summary>
    public void ShownByClient(string id)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(id) is { } followed)
            {
                (_clientTells, followed.IsShownByClient, followed.Since) = (true, true, time.GetTimestamp());
            }
        }
    }

    private void Judge(Followed followed)
    {
        followed.Stands = SuggestedText.Standing(followed.Suggested, followed.Written);
        if (followed.IsBlank && !followed.IsUntouched)
        {
            // A key that was on its way already, unless it goes along.
            followed.IsUnread = !followed.IsAlong && time.GetElapsedTime(followed.Since) < ReadingTime;
            followed.IsBlank = false;
        }

        if (followed.Stands == followed.Suggested.Length && !followed.IsSuperseded)
        {
            Accept(followed);
        }

        // One wrong character may be a slip that is taken back at once; two are an answer.
        var isAnswered = followed.IsOpen && !followed.IsAlong && followed.Written.Length - followed.Stands > 1;
        if (isAnswered || followed.Written.Length > followed.Suggested.Length + MostBehind)
        {
            Settle(followed, departed: true);
            _followed.Remove(followed);
        }
    }

    private void Accept(Followed followed)
    {
        if (followed.Accepted is null)
        {
            followed.Accepted = Guid.NewGuid();
            followed.Since = time.GetTimestamp();
            decided(followed.Outcome(AcceptanceKind.Accepted, followed.Suggested) with { Id = followed.Accepted.Value });
        }

        followed.HasStood |= followed.Stands == followed.Suggested.Length;
    }

    private void EndWatches()
    {
        foreach (var followed in _followed.Where(f => time.GetElapsedTime(f.Since) > Watched).ToList())
        {
            Settle(followed, departed: true);
            _followed.Remove(followed);
        }
    }

    /// <summary>The text around it was replaced: what was accepted stays so, and of the rest only what the editor has confirmed is known.</summary>
    private void Lost(Followed followed)
    {
        if (followed.Accepted is null)
        {
            Settle(followed, departed: false);
        }

        _followed.Remove(followed);
    }

    /// <summary>The last word on a suggestion.</summary>
    /// <param name="departed">What stands there is what the user wants; otherwise only what the editor has confirmed counts.</param>
    private void Settle(Followed followed, bool departed)
    {
        var (suggested, written) = (followed.Suggested, followed.Written);
        if (followed.Accepted is { } accepted)
        {
            if (followed.HasStood && !SuggestedText.IsSameButForBlanks(suggested, written))
            {
                var kept = SuggestedText.WholeWords(suggested, written, followed.Stands);
                decided(followed.Outcome(AcceptanceKind.Edited, kept) with { Corrects = accepted });
            }

            return;
        }

        var part = departed && followed.IsOpen ? SuggestedText.WholeWords(suggested, written, followed.Stands) : "";
        if (followed.Confirmed > part.Length)
        {
            part = suggested[..Math.Min(followed.Confirmed, suggested.Length)];
        }

        if (part.Length > followed.Replaced.Length)
        {
            decided(followed.Outcome(AcceptanceKind.Partial, part));
        }
        else if (departed && followed.IsOpen && !followed.IsAlong && !followed.IsUnread && (!_clientTells || followed.IsShownByClient))
        {
            decided(followed.Outcome(AcceptanceKind.Rejected, suggested));
        }
    }

    private Followed? Find(string id) => _followed.Find(f => f.Id == id);

    /// <summary>One suggestion on its way to an outcome.</summary>
    private sealed class Followed(ShownSuggestion shown, long since)
    {
        public string Id => shown.Ghost.Id;

        public string Document => shown.Document;

        /// <summary>With <c>\n</c> at its lines' ends, whatever the document has.</summary>
        public string Suggested { get; } = SuggestedText.WithPlainLineEnds(shown.Ghost.Text);

        public string Replaced => shown.Place.Replaced;

        /// <summary>What the user wrote, with the same line ends.</summary>
        public string Written => SuggestedText.WithPlainLineEnds(Text.Written);

        public FollowedText Text { get; } =
            new(shown.Ghost.Range.Start, shown.Place.Replaced, shown.Place.LineBefore, shown.Place.LineAfter);

        /// <summary>When it was shown, or accepted: a timestamp of the clock.</summary>
        public long Since { get; set; } = since;

        /// <summary>How many of its characters stand there.</summary>
        public int Stands { get; set; } = shown.Place.Replaced.Length;

        /// <summary>How many of its characters the editor says were taken.</summary>
        public int Confirmed { get; set; }

        public Guid? Accepted { get; set; }

        /// <summary>The whole of it was seen in the text; the command may come before the edit.</summary>
        public bool HasStood { get; set; }

        public bool IsSuperseded { get; set; }

        public bool IsShownByClient { get; set; }

        public bool IsUnread { get; set; }

        /// <summary>Nothing was ever typed there.</summary>
        public bool IsBlank { get; set; } = true;

        /// <summary>Its text can still decide; where it was superseded only the editor's own word counts.</summary>
        public bool IsOpen => Accepted is null && !IsSuperseded;

        public bool IsUntouched => Text.Written == Replaced;

        /// <summary>What stands there begins it, or is what stood there when it was shown; closers that the editor added do not count.</summary>
        public bool IsAlong => IsUntouched || SuggestedText.IsAlong(Written, Stands);

        /// <summary>The user has not left it, and another suggestion at <paramref name="position"/> takes its place.</summary>
        public bool Holds(Position position) => IsAlong && (position == Text.Start || position == Text.End);

        public Outcome Outcome(AcceptanceKind kind, string text) =>
            new(Guid.NewGuid(), Document, shown.Place, SuggestionSource.GhostText, kind, text);
    }
}
