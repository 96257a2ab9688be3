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
    private readonly List<Followed> _latest = [];
    private bool _clientTells;

    /// <summary>A suggestion is about to be sent; one that is sent again, as typing goes on along it, is followed on.</summary>
    /// <param name="from">How many of its characters are left out, since they stand there already.</param>
    /// <returns>It is followed from here on, which it was not before.</returns>
    public bool Shown(ShownSuggestion suggestion, int from = 0)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(suggestion.Ghost.Id) is { } again)
            {
                (again.Since, again.SentFrom) = (time.GetTimestamp(), from);
                return false;
            }

            var shown = new Followed(suggestion, from, time.GetTimestamp());
            foreach (var older in FollowedIn(shown.Document).Where(f => f.IsOpen && f.Holds(shown.Text)))
            {
                older.IsSuperseded = true;
            }

            if (_latest.Count == Kept)
            {
                _latest.RemoveAt(0);
            }

            _latest.Add(shown);
            return true;
        }
    }

    /// <summary>It was not sent after all.</summary>
    public void Withdraw(string id)
    {
        lock (_gate)
        {
            _latest.RemoveAll(f => f.Id == id);
        }
    }

    /// <summary>The document was edited, all edits at once.</summary>
    /// <returns>Several characters of a ghost text came in by this: the user took it from there and from nowhere else.</returns>
    public bool Edited(string document, IReadOnlyList<DocumentEdit> edits)
    {
        lock (_gate)
        {
            EndWatches();
            var isTaken = false;
            foreach (var followed in FollowedIn(document))
            {
                if (!edits.All(followed.Text.Apply))
                {
                    // The text around it was replaced: what was accepted stays so, and of the rest only the editor's word is known.
                    Settle(followed, byText: false);
                    continue;
                }

                var (stood, wasAccepted) = (followed.Stands, followed.Accepted is not null);
                Judge(followed);
                isTaken |= !wasAccepted && followed.Stands > stood + 1;
            }

            return isTaken;
        }
    }

    /// <summary>A document was closed: what had not been decided is not.</summary>
    public void Closed(string document)
    {
        lock (_gate)
        {
            EndWatches();
            foreach (var followed in FollowedIn(document))
            {
                Settle(followed, byText: followed.Accepted is not null);
            }
        }
    }

    /// <summary>The editor says that the whole of it was taken, however long after. An id that is not known is ignored.</summary>
    public void Accepted(string id)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(id) is { IsDecided: false } followed)
            {
                Accept(followed);
            }
        }
    }

    /// <summary>The editor says that the first <paramref name="length"/> UTF-16 units of what it was sent were taken.</summary>
    public void PartiallyAccepted(string id, int length)
    {
        lock (_gate)
        {
            EndWatches();
            if (Find(id) is { IsDecided: false, IsOver: false } followed)
            {
                followed.Confirmed = Math.Clamp(followed.SentFrom + (long)length, followed.Confirmed, followed.Suggested.Length);
                if (followed.Confirmed == followed.Suggested.Length)
                {
                    Accept(followed);
                }
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
            Settle(followed, byText: true);
        }
    }

    private void Accept(Followed followed)
    {
        if (followed.Accepted is null)
        {
            var outcome = Tell(followed, AcceptanceKind.Accepted, followed.Suggested);
            (followed.Accepted, followed.Since) = (outcome.Id, time.GetTimestamp());
        }

        followed.HasStood |= followed.Stands == followed.Suggested.Length;
    }

    private void EndWatches()
    {
        foreach (var followed in _latest.Where(f => !f.IsOver && time.GetElapsedTime(f.Since) > Watched))
        {
            Settle(followed, byText: true);
        }
    }

    /// <summary>Ends the following.</summary>
    /// <param name="byText">What stands there tells the outcome; otherwise only what the editor has confirmed does.</param>
    private void Settle(Followed followed, bool byText)
    {
        followed.IsOver = true;
        var (suggested, written) = (followed.Suggested, followed.Written);
        if (followed.Accepted is { } accepted)
        {
            if (byText && followed.HasStood && !SuggestedText.IsSameButForBlanks(suggested, written))
            {
                Tell(followed, AcceptanceKind.Edited, SuggestedText.WholeWords(suggested, written, followed.Stands), accepted);
            }

            return;
        }

        byText &= followed.IsOpen;
        var part = byText ? SuggestedText.WholeWords(suggested, written, followed.Stands) : "";
        part = followed.Confirmed > part.Length ? suggested[..(int)followed.Confirmed] : part;
        if (part.Length > followed.StoodAtFirst.Length)
        {
            Tell(followed, AcceptanceKind.Partial, part);
        }
        else if (byText && !followed.IsAlong && !followed.IsUnread && (!_clientTells || followed.IsShownByClient))
        {
            Tell(followed, AcceptanceKind.Rejected, suggested);
        }
    }

    private Outcome Tell(Followed followed, AcceptanceKind kind, string text, Guid? corrects = null)
    {
        followed.IsDecided = true;
        var outcome = new Outcome(Guid.NewGuid(), followed.Document, followed.Place, SuggestionSource.GhostText, kind, text, corrects);
        decided(outcome);
        return outcome;
    }

    private List<Followed> FollowedIn(string document) => _latest.FindAll(f => !f.IsOver && f.Document == document);

    private Followed? Find(string id) => _latest.Find(f => f.Id == id);

    /// <summary>One suggestion on its way to an outcome, and for a while after it, so that it has no second one.</summary>
    private sealed class Followed(ShownSuggestion shown, int from, long since)
    {
        public string Id => shown.Ghost.Id;

        public string Document => shown.Document;

        public SuggestionPlace Place => shown.Place;

        /// <summary>With <c>\n</c> at its lines' ends, whatever the document has.</summary>
        public string Suggested { get; } = SuggestedText.WithPlainLineEnds(shown.Ghost.Text);

        /// <summary>What stood there when it was shown.</summary>
        public string StoodAtFirst => Text.First;

        public FollowedText Text { get; } =
            new(
                shown.Ghost.Range.Start,
                from > 0 ? shown.Ghost.Text[..from] : shown.Place.Replaced,
                shown.Place.LineBefore,
                shown.Place.LineAfter
            );

        /// <summary>What the user wrote, with the same line ends.</summary>
        public string Written => SuggestedText.WithPlainLineEnds(Text.Written);

        /// <summary>When it was shown, or accepted: a timestamp of the clock.</summary>
        public long Since { get; set; } = since;

        /// <summary>How many of its characters were left out of what was sent last.</summary>
        public int SentFrom { get; set; } = from;

        /// <summary>How many of its characters stand there.</summary>
        public int Stands { get; set; }

        /// <summary>How many of its characters the editor says were taken.</summary>
        public long Confirmed { get; set; }

        /// <summary>The outcome by which it was accepted.</summary>
        public Guid? Accepted { get; set; }

        /// <summary>The whole of it was seen in the text; the command may come before the edit.</summary>
        public bool HasStood { get; set; }

        public bool IsSuperseded { get; set; }

        public bool IsShownByClient { get; set; }

        public bool IsUnread { get; set; }

        /// <summary>Nothing was ever typed there.</summary>
        public bool IsBlank { get; set; } = true;

        /// <summary>Its text is followed no longer.</summary>
        public bool IsOver { get; set; }

        public bool IsDecided { get; set; }

        /// <summary>Its text can still decide; where it was superseded only the editor's own word counts.</summary>
        public bool IsOpen => Accepted is null && !IsSuperseded;

        public bool IsUntouched => Text.Written == StoodAtFirst;

        /// <summary>What stands there begins it, or is what stood there when it was shown; closers that the editor added do not count.</summary>
        public bool IsAlong => IsUntouched || SuggestedText.IsAlong(Written, Stands);

        /// <summary>The user has not left it, and another suggestion there takes its place.</summary>
        public bool Holds(FollowedText other) => IsAlong && (other.Start == Text.Start || other.Start == Text.End);
    }
}
