using System.Text;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

// Forgetting erases: what is forgotten is in no file of the memory's folder afterwards, damaged ones that were set aside included.
public sealed partial class ProjectMemory
{
    /// <summary>Something was forgotten: who holds anything made of the memory lets go of what <see cref="Parts"/> does not have any more, images too.</summary>
    internal event Action? Forgotten;

    /// <summary>
    /// Forgets everything: files, what is attached to them, and outcomes. (Words that were forgotten before stay so.) The next run of the
    /// indexer reads the workspace again. Takes seconds for a large memory.
    /// </summary>
    public ForgetSummary ForgetAll() => Forget(static _ => true, static _ => true);

    /// <summary>Forgets a file or a folder, and the outcomes in it. What is still in the workspace comes back with the next run, unless it is excluded.</summary>
    /// <param name="path">Relative to the workspace root.</param>
    public ForgetSummary ForgetPath(string path)
    {
        var name = WorkspacePath.Normalize(path).TrimEnd('/');
        var comparison = WorkspacePath.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Forget(IsMeant, acceptance => IsMeant(acceptance.Path));

        bool IsMeant(string file) => WorkspacePath.Comparer.Equals(file, name) || file.StartsWith(name + "/", comparison);
    }

    /// <summary>
    /// Forgets a word for good: any text within a line, in whatever case. Lines it stands in are never kept again, files it stands in get nothing
    /// attached, files that are named after it are not kept, nor are outcomes with it. Only a salted hash of it is kept.
    /// </summary>
    /// <exception cref="ArgumentException">It is shorter than three characters, or more than a line.</exception>
    public ForgetSummary ForgetWord(string word)
    {
        if (word.Length < ForgottenWords.ShortestWord || word.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException(
                $"A word to forget has at least {ForgottenWords.ShortestWord} characters and no line end, not '{word}'.",
                nameof(word)
            );
        }

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
        var (removed, failure) = _store.Forget(acceptances);
        Forgotten?.Invoke();
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

            if (_store.Texts.Find(file) is not { } bytes)
            {
                Remove(path); // nobody can tell what is in it
                return true;
            }

            var text = Encoding.UTF8.GetString(bytes);
            var clean = _forgotten.Clean(text);
            if (ReferenceEquals(clean, text))
            {
                return false;
            }

            var cut = SnippetCutter.Cut(path, file.Hash, file.Stamp, clean).As(FileState.KeptInPart);
            _store.Put(StoredFile.Of(cut), cut.Text, _index.Put(cut));
            return true;
        }
    }
}
