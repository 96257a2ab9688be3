using CodeComplete.Analysis;

namespace CodeComplete.Engine.Listing;

/// <summary>The last lists that were sent, so that an item can be resolved. Older ones are forgotten: an item of theirs resolves to nothing.</summary>
internal sealed class SentLists
{
    // An editor resolves items of the list it shows; another may be in flight while the user types. Each keeps a whole solution alive.
    private const int Kept = 2;

    private readonly Lock _gate = new();
    private readonly Queue<(long Id, DocumentSnapshot Snapshot, ListedItems Listed, IReadOnlyList<ListedItem> Items)> _lists = new();
    private long _count;

    public long Add(DocumentSnapshot snapshot, ListedItems listed, IReadOnlyList<ListedItem> items)
    {
        lock (_gate)
        {
            _lists.Enqueue((++_count, snapshot, listed, items));
            if (_lists.Count > Kept)
            {
                _lists.Dequeue();
            }

            return _count;
        }
    }

    public (DocumentSnapshot Snapshot, ListedItems Listed, ListedItem Item)? Find(ItemKey key)
    {
        lock (_gate)
        {
            foreach (var list in _lists)
            {
                if (list.Id == key.List && key.Index >= 0 && key.Index < list.Items.Count)
                {
                    return (list.Snapshot, list.Listed, list.Items[key.Index]);
                }
            }

            return null;
        }
    }
}
