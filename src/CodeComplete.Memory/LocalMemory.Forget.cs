using System.Text;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

// Forgetting erases: what is forgotten is in no file of the memory's folder afterwards, damaged ones that were set aside included.
internal sealed partial class LocalMemory
{
    public ForgetSummary Forget(Forgetting what) =>
        what.What switch
        {
            ForgetWhat.All => Forget(static _ => true, static _ => true),
            ForgetWhat.Path => ForgetPath(what.Value!),
            ForgetWhat.Word => ForgetWord(what.Value!),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, message: null),
        };

    private ForgetSummary ForgetPath(string path)
    {
        var name = WorkspacePath.Normalize(path).TrimEnd('/');
        var comparison = WorkspacePath.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Forget(IsMeant, acceptance => IsMeant(acceptance.Path));

        bool IsMeant(string file) => WorkspacePath.Comparer.Equals(file, name) || file.StartsWith(name + "/", comparison);
    }

    private ForgetSummary ForgetWord(string word)
    {
        string? message = null;
        try
        {
            _forgotten.Add(word);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            message = $"The word is forgotten until this process ends, since that it is could not be written ({exception.Message}).";
        }

        var files = 0;
        foreach (var path in _index.Paths().Where(path => !_forgotten.IsIn(path)))
        {
            files += ForgetLines(path) ? 1 : 0;
        }

        var summary = Forget(_forgotten.IsIn, acceptance => IsForgotten(acceptance));
        return summary with { Files = summary.Files + files, Message = message ?? summary.Message };
    }

    private bool IsForgotten(Acceptance acceptance) =>
        _forgotten.IsIn(acceptance.Path) || _forgotten.IsIn(acceptance.Text) || _forgotten.IsIn(acceptance.Before);

    private ForgetSummary Forget(Func<string, bool> files, Func<Acceptance, bool> acceptances)
    {
        var paths = _index.Paths().Where(files).ToList();
        paths.ForEach(Remove);
        // Counts cannot tell what they count, so they are counted again.
        _ngrams?.Clear();
        var (removed, failure) = _store.Forget(acceptances);
        return new ForgetSummary(paths.Count, removed, failure);
    }

    // True where there was something to forget.
    private bool ForgetLines(string path)
    {
        lock (_store.Changes)
        {
            if (_index.Find(path) is not { State.HasText: true } file)
            {
                return false;
            }

            if (_store.Texts.Find(file) is { } bytes)
            {
                return ForgetLines(file, Encoding.UTF8.GetString(bytes));
            }
        }

        Remove(path); // nobody can tell what is in it
        return true;
    }

    // Under the lock.
    private bool ForgetLines(RememberedFile file, string text)
    {
        var clean = _forgotten.Clean(text);
        if (ReferenceEquals(clean, text))
        {
            return false;
        }

        var cut = SnippetCutter.Cut(file.Path, file.Hash, file.Stamp, clean).As(FileState.KeptInPart);
        _store.Put(StoredFile.Of(cut), cut.Text, _index.Put(cut));
        Dropped(file.Path);
        return true;
    }
}
