using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>A list that was asked for, and the word at which it was.</summary>
internal sealed class OfferedList(string document, SuggestionPlace place, FollowedText word)
{
    private volatile Func<string, bool>? _offers;

    public string Document => document;

    public SuggestionPlace Place => place;

    public FollowedText Word => word;

    public string? Chosen { get; set; }

    /// <summary>The list is ready. <paramref name="offers"/> says whether an item of it inserts a name.</summary>
    public void Ready(Func<string, bool> offers) => _offers = offers;

    public bool Offers(string name) => _offers?.Invoke(name) == true;
}

/// <summary>
/// Reads from the document's edits which item of the list was taken: at once, several characters of its name came in, and the user left the word
/// as it was. An item's command would say less: it would have to be asked with each of a thousand items, and not every editor runs it. What
/// is typed letter by letter is not the list's doing.
/// </summary>
internal sealed class ListChoices(Action<Outcome> decided)
{
    private readonly Lock _gate = new();
    private OfferedList? _latest;

    /// <summary>A list is asked for; called in the order in which the client spoke, since the word is followed from here.</summary>
    /// <param name="start">Where the word begins that an item replaces.</param>
    public OfferedList Asked(string document, Position start, SuggestionPlace place)
    {
        var asked = new OfferedList(document, place, new FollowedText(start, place.Replaced, place.LineBefore, place.LineAfter));
        lock (_gate)
        {
            // The list of the same word again: what was chosen from the one before is still to be decided.
            if (_latest is { Chosen: { } chosen } older && older.Document == document && older.Word.Start == start)
            {
                asked.Chosen = chosen == place.Replaced ? chosen : null;
            }

            _latest = asked;
        }

        return asked;
    }

    /// <param name="isOthers">The edit took ghost text, so it took no item.</param>
    public void Edited(string document, IReadOnlyList<DocumentEdit> edits, bool isOthers)
    {
        lock (_gate)
        {
            if (_latest is not { } asked || asked.Document != document)
            {
                return;
            }

            var before = asked.Word.Written;
            if (isOthers || !edits.All(asked.Word.Apply))
            {
                _latest = null;
                return;
            }

            var (name, written) = (NameIn(asked.Word.Written), asked.Word.Written);
            if (name != NameIn(before))
            {
                asked.Chosen = edits.Any(static e => e.Text.Length > 1) && asked.Offers(name) ? name : null;
            }

            // Left: the word has an end, or the edit was elsewhere.
            if (written.Length > name.Length || written == before)
            {
                if (asked.Chosen is { } chosen)
                {
                    decided(new Outcome(Guid.NewGuid(), document, asked.Place, SuggestionSource.ListItem, AcceptanceKind.Accepted, chosen));
                }

                _latest = null;
            }
        }
    }

    public void Closed(string document)
    {
        lock (_gate)
        {
            _latest = _latest?.Document == document ? null : _latest;
        }
    }

    private static string NameIn(string written) => new([.. written.TakeWhile(static c => char.IsLetterOrDigit(c) || c is '_' or '@')]);
}
