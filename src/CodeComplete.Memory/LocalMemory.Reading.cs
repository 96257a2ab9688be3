using CodeComplete.Memory.Parts;

namespace CodeComplete.Memory;

// What is done in idle time, piece by piece: what was made of the files before is taken in, then what is lacking is made.
internal sealed partial class LocalMemory
{
    // Taken in between two keystrokes.
    private const int LoadedAtOnce = 64;

    private readonly Lock _reading = new();

    // A pass has an end, whatever it does not manage: what is lacking then waits for the next one.
    private IEnumerator<Action<CancellationToken>>? _pass;
    private Action<CancellationToken>? _piece;
    private bool _isLoaded;

    /// <summary>As <see cref="ProjectMemory.ReadNext"/>.</summary>
    public bool ReadNext(ITokenEncoder? encoder, CancellationToken cancellation)
    {
        // Pieces are not made for two threads; and what is closed meanwhile waits for the piece at hand.
        lock (_reading)
        {
            if (_disposed)
            {
                return false;
            }

            if (_piece is null)
            {
                _pass ??= Pass(encoder).GetEnumerator();
                if (!_pass.MoveNext())
                {
                    _pass = null;
                    return false;
                }

                _piece = _pass.Current;
            }

            try
            {
                _piece(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw; // it is done again
            }
            catch
            {
                _piece = null;
                throw;
            }

            _piece = null;
            return true;
        }
    }

    /// <summary>Takes in all that was made of the files before, and makes nothing.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public void Load(ITokenEncoder? encoder, CancellationToken cancellation)
    {
        lock (_reading)
        {
            foreach (var piece in _disposed ? [] : Loading().Concat(LoadingCounts(encoder)))
            {
                piece(cancellation);
            }
        }
    }

    private IEnumerable<Action<CancellationToken>> Pass(ITokenEncoder? encoder)
    {
        foreach (var piece in Loading())
        {
            yield return piece;
        }

        foreach (var (path, hash) in _vectors.Lacking())
        {
            yield return token => _vectors.Read(path, hash, token);
        }

        foreach (var piece in LoadingCounts(encoder))
        {
            yield return piece;
        }

        if (_ngrams is { } counts)
        {
            foreach (var piece in Counting(counts))
            {
                yield return piece;
            }
        }
    }

    private IEnumerable<Action<CancellationToken>> Loading()
    {
        if (!_isLoaded)
        {
            foreach (var piece in Loading(_symbols).Concat(Loading(_vectors)))
            {
                yield return piece;
            }

            _isLoaded = true;
        }
    }

    private IEnumerable<Action<CancellationToken>> LoadingCounts(ITokenEncoder? encoder)
    {
        if (_ngrams is null && encoder is not null)
        {
            var ngrams = new NgramPart(encoder, _index, Parts, TextOf);
            yield return _ => ngrams.LoadImage();
            _ngrams = ngrams;
        }
    }

    private static IEnumerable<Action<CancellationToken>> Loading(IFilePart part) =>
        part.Stored()
            .Chunk(LoadedAtOnce)
            .Select(files => new Action<CancellationToken>(token =>
            {
                foreach (var (path, hash) in files)
                {
                    token.ThrowIfCancellationRequested();
                    part.Load(path, hash);
                }
            }));

    private static IEnumerable<Action<CancellationToken>> Counting(NgramPart counts)
    {
        for (var replaced = counts.Replaced; replaced > 0; replaced--)
        {
            yield return _ => counts.SubtractNext();
        }

        foreach (var (path, hash) in counts.Lacking())
        {
            yield return token => counts.Read(path, hash, token);
        }

        counts.Save();
    }
}
