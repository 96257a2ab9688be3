using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// What the user has open: folders, projects, buffers. Buffers and projects change under one short lock; a request takes a
/// <see cref="DocumentSnapshot"/> and works on that, so neither ever waits for the other, nor for a project that is being loaded.
/// </summary>
public sealed partial class CodeWorkspace : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly SolutionStore store = new();
    private readonly Dictionary<string, Buffer> buffers = new(Paths.Comparer);

    /// <summary>Open buffers whose text the solution does not have yet.</summary>
    private readonly HashSet<string> stale = new(Paths.Comparer);

    private WorkspaceOptions options;

    /// <summary>How often a file changed on disk.</summary>
    private readonly Dictionary<string, int> diskVersions = new(Paths.Comparer);

    private readonly Evaluate evaluate;

    public CodeWorkspace(WorkspaceOptions options)
        : this(options, ProjectEvaluator.EvaluateAsync) { }

    internal CodeWorkspace(WorkspaceOptions options, Evaluate evaluate)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.evaluate = evaluate;
        this.options = options with { Folders = [.. options.Folders.Select(Paths.Normalize)] };
    }

    /// <summary>A workspace of sources that are on no disk, all in one project with the framework's references.</summary>
    internal static CodeWorkspace InMemory(IReadOnlyList<(string Path, string Text)> sources)
    {
        var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace.store.Put([LooseProjects.ForFolder("memory:", [.. sources.Select(source => source.Path)])]);
        foreach (var (path, text) in sources)
        {
            workspace.store.SetText(path, BufferText.From(text));
        }

        (workspace.begun, workspace.loaded) = (true, true);
        return workspace;
    }

    /// <summary>Opens a buffer: from now on it counts, not the file. Opening twice replaces the text.</summary>
    public void Open(string path, int version, string text)
    {
        var key = Paths.Normalize(path);
        lock (gate)
        {
            buffers[key] = new Buffer(path, version, BufferText.From(text));
            stale.Add(key);
            if (!begun || !Paths.IsFile(key) || !Paths.IsCSharp(key) || store.Find(key) is not null)
            {
                return;
            }
        }

        // No project that is loaded has it; one that no solution names may.
        RunInBackground(token => LoadNearAsync(key, token));
    }

    /// <summary>Applies the edits one after the other. Seen by every <see cref="Take"/> that follows.</summary>
    /// <returns><see langword="false"/> where the buffer is not open; nothing has changed then.</returns>
    public bool Change(string path, int version, IReadOnlyList<BufferEdit> edits)
    {
        ArgumentNullException.ThrowIfNull(edits);
        var key = Paths.Normalize(path);
        lock (gate)
        {
            if (!buffers.TryGetValue(key, out var buffer))
            {
                return false;
            }

            buffers[key] = buffer with { Version = version, Text = BufferText.Apply(buffer.Text, edits) };
            stale.Add(key);
            return true;
        }
    }

    /// <summary>Closes a buffer: from now on the file counts. One that is not open is ignored.</summary>
    public void Close(string path)
    {
        var key = Paths.Normalize(path);
        lock (gate)
        {
            if (!buffers.Remove(key))
            {
                return;
            }

            stale.Remove(key);
            store.Remove(new ProjectKey(key));
            if (Paths.IsFile(key) && !File.Exists(key))
            {
                store.RemoveSource(key);
            }
            else
            {
                store.SetDiskText(key);
            }
        }
    }

    /// <summary>
    /// The document as it is now. Does not wait for loading: before its project is there, a file is answered from a project of its own.
    /// </summary>
    /// <returns><see langword="null"/> where the file is no C#, or is not open and cannot be read.</returns>
    public DocumentSnapshot? Take(string path)
    {
        var key = Paths.Normalize(path);
        if (!MayBeCSharp(key))
        {
            return null;
        }

        Document? known = null;
        lock (gate)
        {
            ApplyStale();
            var id = store.Find(key);
            if (buffers.TryGetValue(key, out var buffer))
            {
                return Snapshot(path, buffer, store.Solution.GetDocument(id)!, buffer.Text);
            }

            known = store.Solution.GetDocument(id);
        }

        // The disk is read outside the lock. Its loader reads at once, so the task has ended when it comes.
        var text =
            known is not null ? known.GetTextAsync().GetAwaiter().GetResult()
            : Paths.IsFile(key) ? DiskText.Read(key)
            : null;
        if (text is null)
        {
            return null;
        }

        lock (gate)
        {
            return Snapshot(path, buffer: null, known ?? store.Fork(LooseProjects.ForFile(key), key, text), text);
        }
    }

    /// <summary>Absolute paths of the C# files of all projects, without what builds generate.</summary>
    public IReadOnlyList<string> SourceFiles
    {
        get
        {
            lock (gate)
            {
                return [.. store.Sources.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Ends loading and waits for the processes it started to be gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (running == 0)
                {
                    break;
                }

                change = pulse.Task;
            }

            await change;
        }

        evaluating.Dispose();
        closing.Dispose();
        store.Dispose();
    }

    internal bool IsNewest(DocumentSnapshot snapshot)
    {
        var key = Paths.Normalize(snapshot.Path);
        lock (gate)
        {
            return buffers.TryGetValue(key, out var buffer)
                ? ReferenceEquals(buffer.Text, snapshot.Text)
                : !snapshot.IsOpen && snapshot.DiskVersion == diskVersions.GetValueOrDefault(key);
        }
    }

    /// <summary>A buffer of an editor may be C# without saying so in its name (<c>untitled:Untitled-1</c>); a file must say so.</summary>
    private static bool MayBeCSharp(string key) =>
        !Paths.IsFile(key)
        || Path.GetExtension(key) is var extension && (extension.Length == 0 || Paths.IsCSharp(key) || extension == ".csx");

    /// <summary>
    /// Brings the solution up to date with the buffers, all of them: what is typed in one file must be known in the next. Only here, not at
    /// each edit, so a burst of edits costs one fork.
    /// </summary>
    private void ApplyStale()
    {
        foreach (var key in stale)
        {
            if (store.Find(key) is null)
            {
                store.Put([LooseProjects.ForFile(key)]);
            }

            store.SetText(key, buffers[key].Text);
        }

        stale.Clear();
    }

    private DocumentSnapshot Snapshot(string path, Buffer? buffer, Document document, SourceText text)
    {
        var model = store.ModelOf(document.Id);
        return new DocumentSnapshot(this)
        {
            Path = path,
            Version = buffer?.Version ?? 0,
            DiskVersion = diskVersions.GetValueOrDefault(Paths.Normalize(path)),
            IsOpen = buffer is not null,
            Document = document,
            Text = text,
            IsProjectLoaded = IsComplete(document.FilePath!, model),
            HasMissingReferences = model is not null && store.HasMissingReferences(document.Project.Id),
        };
    }

    /// <summary>An editor's text of a file. <paramref name="Path"/> is spelled as the editor did.</summary>
    private sealed record Buffer(string Path, int Version, SourceText Text);
}
