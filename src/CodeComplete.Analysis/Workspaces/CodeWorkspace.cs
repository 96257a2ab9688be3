using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// What the user has open: folders, projects, buffers. Buffers and projects change under one short lock; a request takes a
/// <see cref="DocumentSnapshot"/> and works on that, so neither ever waits for the other, nor for a project that is being loaded.
/// </summary>
public sealed partial class CodeWorkspace : IAsyncDisposable
{
    private static readonly TimeSpan DirectiveIsTyped = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly SolutionStore _store = new();
    private readonly Dictionary<string, Buffer> _buffers = new(Paths.Comparer);

    /// <summary>Open buffers whose text the solution does not have yet.</summary>
    private readonly HashSet<string> _stale = new(Paths.Comparer);

    /// <summary>Of those the ones that were opened since: packages that were missing may have been restored.</summary>
    private readonly HashSet<string> _opened = new(Paths.Comparer);

    /// <summary>Of those the ones around which projects came or went since, which they may refer to.</summary>
    private readonly HashSet<string> _surrounded = new(Paths.Comparer);

    private WorkspaceOptions _options;

    /// <summary>How often a file changed on disk.</summary>
    private readonly Dictionary<string, int> _diskVersions = new(Paths.Comparer);

    private readonly Evaluate _evaluate;

    public CodeWorkspace(WorkspaceOptions options)
        : this(options, ProjectEvaluator.EvaluateAsync) { }

    internal CodeWorkspace(WorkspaceOptions options, Evaluate evaluate)
    {
        ArgumentNullException.ThrowIfNull(options);
        this._evaluate = evaluate;
        this._options = options with { Folders = [.. options.Folders.Select(Paths.Normalize)] };
        _store.Prefer(options.TargetFramework);
    }

    /// <summary>A workspace of sources that are on no disk, all in one project with the framework's references.</summary>
    internal static CodeWorkspace InMemory(IReadOnlyList<(string Path, string Text)> sources)
    {
        var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace._store.Put([LooseProjects.ForFolder("memory:", [.. sources.Select(source => source.Path)])]);
        foreach (var (path, text) in sources)
        {
            workspace._store.SetText(path, BufferText.From(text));
        }

        (workspace._begun, workspace._loaded) = (true, true);
        return workspace;
    }

    /// <summary>Opens a buffer: from now on it counts, not the file. Opening twice replaces the text.</summary>
    public void Open(string path, int version, string text)
    {
        var key = Paths.Normalize(path);
        lock (_gate)
        {
            _buffers[key] = new Buffer(path, version, BufferText.From(text));
            _stale.Add(key);
            _opened.Add(key);
            Pulse();
            if (!_begun || !Paths.IsFile(key) || !Paths.IsCSharp(key) || _store.Find(key) is not null)
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
        lock (_gate)
        {
            if (!_buffers.TryGetValue(key, out var buffer))
            {
                return false;
            }

            _buffers[key] = buffer with { Version = version, Text = BufferText.Apply(buffer.Text, edits) };
            _stale.Add(key);
            return true;
        }
    }

    /// <summary>Closes a buffer: from now on the file counts. One that is not open is ignored.</summary>
    public void Close(string path)
    {
        var key = Paths.Normalize(path);
        lock (_gate)
        {
            if (!_buffers.Remove(key))
            {
                return;
            }

            _stale.Remove(key);
            _store.Remove(new ProjectKey(key));
            if (Paths.IsFile(key) && !File.Exists(key))
            {
                _store.RemoveSource(key);
            }
            else
            {
                _store.SetDiskText(key);
            }
        }
    }

    /// <summary>
    /// From now on projects with several frameworks answer for this one, as in <c>net8.0</c>; those that have not got it, and all for
    /// <see langword="null"/>, for their newest. Nothing is evaluated again.
    /// </summary>
    public void AnswerFor(string? framework)
    {
        lock (_gate)
        {
            _options = _options with { TargetFramework = framework };
            _store.Prefer(framework);
            RefreshBuffers();
        }

        NoticeFramework();
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
        lock (_gate)
        {
            ApplyStale();
            var id = _store.Find(key);
            if (_buffers.TryGetValue(key, out var buffer))
            {
                return Snapshot(path, buffer, _store.Solution.GetDocument(id)!, buffer.Text);
            }

            known = _store.Solution.GetDocument(id);
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

        lock (_gate)
        {
            return Snapshot(path, buffer: null, known ?? _store.Fork(LooseProjects.ForFile(key), key, text), text);
        }
    }

    /// <summary>Absolute paths of the C# files of all projects, without what builds generate.</summary>
    public IReadOnlyList<string> SourceFiles
    {
        get
        {
            lock (_gate)
            {
                return [.. _store.Sources.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Ends loading and waits for the processes it started to be gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_running == 0)
                {
                    break;
                }

                change = _pulse.Task;
            }

            await change;
        }

        _evaluating.Dispose();
        _generating.Dispose();
        _closing.Dispose();
        _store.Dispose();
    }

    internal bool IsNewest(DocumentSnapshot snapshot)
    {
        var key = Paths.Normalize(snapshot.Path);
        lock (_gate)
        {
            return _buffers.TryGetValue(key, out var buffer)
                ? ReferenceEquals(buffer.Text, snapshot.Text)
                : !snapshot.IsOpen && snapshot.DiskVersion == _diskVersions.GetValueOrDefault(key);
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
        while (_stale.Count > 0)
        {
            var keys = _stale.ToList();
            _stale.Clear();
            foreach (var key in keys)
            {
                if (_store.Find(key) is null)
                {
                    _store.Put([LooseProjects.ForFile(key)]);
                }

                FollowDirectives(key);
                _store.SetText(key, _buffers[key].Text);
            }
        }
    }

    /// <summary>A program of one file says itself what it refers to; what counts is what is open.</summary>
    private void FollowDirectives(string key)
    {
        var isOpened = _opened.Remove(key);
        var isSurrounded = _surrounded.Remove(key);
        if (_store.Find(key) is not { } id || _store.ModelOf(id) is not { Origin: ProjectOrigin.Loose } model)
        {
            return;
        }

        // A folder without a project may hold several programs, which are one project here.
        var ofProject = _buffers
            .Where(buffer => _store.Find(buffer.Key) is { } other && _store.ModelOf(other)!.Key == model.Key)
            .OrderBy(buffer => buffer.Key, StringComparer.Ordinal);
        var now = FileDirectives.Read(ofProject.Select(buffer => (buffer.Key, buffer.Value.Text)));
        if (now.Text == model.Directives && !(isOpened && model.HasMissingReferences) && !(isSurrounded && now.Projects.Count > 0))
        {
            return;
        }

        var next = LooseProjects.With(model, now, _store.ModelsOf, out var missing);
        if (
            now.Text == model.Directives
            && next.References.SequenceEqual(model.References)
            && next.ProjectReferences.SequenceEqual(model.ProjectReferences)
            && next.HasMissingReferences == model.HasMissingReferences
        )
        {
            return;
        }

        _store.Put([next]);

        // The project's documents are those of the disk again.
        _stale.UnionWith(_buffers.Keys.Where(other => _store.Find(other) is not null));
        if (missing.Count > 0)
        {
            _ = SayOfAsync(model.Key, now.Text, missing, isOpened ? TimeSpan.Zero : DirectiveIsTyped);
        }

        if (_begun && UntriedOfPrograms().Count > 0)
        {
            RunInBackground(LoadOfProgramsAsync);
        }
    }

    /// <summary>While a directive is being typed it names something else at each key: what is said is of one that stays.</summary>
    private async Task SayOfAsync(ProjectKey program, string directives, IReadOnlyList<string> missing, TimeSpan delay)
    {
        var closing = _closing.Token;
        // Never under the lock.
        await Task.Yield();
        try
        {
            await Task.Delay(delay, closing);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_gate)
        {
            if (_store.ModelsOf(program.Path).FirstOrDefault()?.Directives != directives)
            {
                return;
            }
        }

        foreach (var message in missing)
        {
            Say(isError: false, message);
        }
    }

    private DocumentSnapshot Snapshot(string path, Buffer? buffer, Document document, SourceText text)
    {
        var model = _store.ModelOf(document.Id);
        return new DocumentSnapshot(this)
        {
            Path = path,
            Version = buffer?.Version ?? 0,
            DiskVersion = _diskVersions.GetValueOrDefault(Paths.Normalize(path)),
            IsOpen = buffer is not null,
            Document = document,
            Text = text,
            IsProjectLoaded = IsComplete(document.FilePath!, model),
            HasMissingReferences = model is not null && _store.HasMissingReferences(document.Project.Id),
        };
    }

    /// <summary>An editor's text of a file. <paramref name="Path"/> is spelled as the editor did.</summary>
    private sealed record Buffer(string Path, int Version, SourceText Text);
}
