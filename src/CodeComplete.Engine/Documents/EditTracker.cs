using System.Collections.Concurrent;

namespace CodeComplete.Engine.Documents;

/// <summary>
/// Which requests an edit ends (invariant 2): ghost text of that document always; a list only when the edit leaves the word it was asked
/// in. Edits of other documents end nothing.
/// </summary>
internal sealed class EditTracker
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Running, byte>> _running = new(StringComparer.Ordinal);

    /// <summary>A ghost request begins; dispose the answer when it has ended.</summary>
    public Running Ghost(string document, CancellationToken cancellation) => Add(new Running(this, document, word: null, cancellation));

    /// <summary>A list request begins, for the word of <paramref name="line"/> between the two characters.</summary>
    public Running List(string document, int line, int wordStart, int wordEnd, CancellationToken cancellation) =>
        Add(new Running(this, document, new Word(line, wordStart, wordEnd), cancellation));

    /// <summary>Called before the edit is made.</summary>
    public void Edited(string document, IReadOnlyList<DocumentEdit> edits)
    {
        if (_running.TryGetValue(document, out var requests))
        {
            foreach (var request in requests.Keys)
            {
                request.Edited(edits);
            }
        }
    }

    private Running Add(Running request)
    {
        _running.GetOrAdd(request.Document, _ => new()).TryAdd(request, 0);
        return request;
    }

    /// <summary>A word in a line, in UTF-16 units; its end moves while the user types in it.</summary>
    private sealed class Word(int line, int start, int end)
    {
        private int _end = end;

        public bool Takes(DocumentEdit edit)
        {
            if (
                edit.Range is not { } range
                || range.Start.Line != line
                || range.End.Line != line
                || range.Start.Character < start
                || range.End.Character > _end
                || !edit.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '@')
            )
            {
                return false;
            }

            _end += edit.Text.Length - (range.End.Character - range.Start.Character);
            return true;
        }
    }

    /// <summary>A request that goes on until it is done, cancelled by the client, or ended by an edit.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly EditTracker _tracker;
        private readonly Word? _word;
        private readonly CancellationTokenSource _source;

        internal Running(EditTracker tracker, string document, object? word, CancellationToken cancellation)
        {
            this._tracker = tracker;
            Document = document;
            this._word = (Word?)word;
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Token = _source.Token;
        }

        public string Document { get; }

        public CancellationToken Token { get; }

        /// <summary>An edit has made the answer worthless.</summary>
        public bool IsSuperseded { get; private set; }

        public void Edited(IReadOnlyList<DocumentEdit> edits)
        {
            if (_word is not null && edits.All(_word.Takes))
            {
                return;
            }

            IsSuperseded = true;
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this very moment; its answer belongs to the version before the edit, which the caller is told by IsSuperseded.
            }
        }

        public void Dispose()
        {
            if (_tracker._running.TryGetValue(Document, out var requests))
            {
                requests.TryRemove(this, out _);
            }

            _source.Dispose();
        }
    }
}
