using System.Threading.Channels;
using CodeComplete.Engine.Tests.Documents;
using CodeComplete.Engine.Watching;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Watching;

/// <summary>Changes on disk, as the system tells of them and where it does not.</summary>
public sealed class DiskWatcherTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Channel<IReadOnlyList<FileChange>> _reported = Channel.CreateUnbounded<IReadOnlyList<FileChange>>();
    private readonly List<Notice> _notices = [];
    private readonly ManualClock _clock = new();
    private DiskWatcher? _watcher;

    public async ValueTask DisposeAsync()
    {
        if (_watcher is not null)
        {
            await _watcher.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task The_system_tells_of_what_is_written_made_moved_and_deleted()
    {
        var old = _folder.Write("src/Old.cs", "class Old;");
        _folder.Write("other/Moved.cs", "class Moved;");
        Start(TimeProvider.System, create: null);
        await _watcher!.Begun;

        _folder.Write("src/New.cs", "class New;");
        await HeardAsync($"Created {Path("src/New.cs")}");
        await File.WriteAllTextAsync(old, "class Changed;");
        await HeardAsync($"Changed {old}");
        File.Delete(old);
        await HeardAsync($"Deleted {old}");

        // A whole folder comes, and goes again: some systems say no more than that.
        Directory.Move(Path("other"), Path("src/below"));
        await HeardAsync($"Created {Path("src/below/Moved.cs")}", $"Deleted {Path("other/Moved.cs")}");
        Directory.Move(Path("src/below"), Path(".hidden"));
        await HeardAsync($"Deleted {Path("src/below/Moved.cs")}");
        Assert.Empty(_notices);
    }

    [Theory]
    [InlineData("a.cs", true)]
    [InlineData("src/A.CS", true)]
    [InlineData("App.csproj", true)]
    [InlineData("App.slnx", true)]
    [InlineData(".editorconfig", true)]
    [InlineData("src/obj/project.assets.json", true)]
    [InlineData("src/obj/App.AssemblyInfo.cs", false)]
    [InlineData("src/obj/Debug/net10.0/X.cs", false)]
    [InlineData("src/bin/X.cs", false)]
    [InlineData("node_modules/x/X.cs", false)]
    [InlineData(".git/X.cs", false)]
    [InlineData("readme.md", false)]
    [InlineData("project.assets.json", false)]
    public void Only_what_changes_what_the_compiler_sees_is_looked_at(string path, bool expected)
    {
        var file = _folder.Write(path, "x");
        var files = new FolderFiles(_folder.Path);

        Assert.Equal(expected, files.Holds(file) && WatchedFiles.Has(file));
        Assert.Equal(expected ? [new FileChange(file, FileChangeKind.Created)] : [], files.Look(CancellationToken.None));
        Assert.Empty(files.Look(CancellationToken.None));
    }

    [Fact]
    public async Task Where_the_system_has_no_watchers_all_is_looked_at_again_and_again_and_that_is_said_once()
    {
        var old = _folder.Write("Old.cs", "class Old;");
        var kept = _folder.Write("Kept.cs", "class Kept;");
        var awaited = _clock.WhenNextAwaitedAsync();
        Start(_clock, _ => throw new IOException("The configured user limit (8192) on the number of inotify watches has been reached."));
        await awaited;

        File.Delete(old);
        File.SetLastWriteTimeUtc(kept, DateTime.UtcNow.AddHours(-1));
        _folder.Write("sub/New.cs", "class New;");
        await PassAsync();
        await SeenAsync($"Deleted {old}", $"Changed {kept}", $"Created {Path("sub/New.cs")}");

        // Nothing has changed: nothing is said, and the next change is seen all the same.
        await PassAsync();
        await PassAsync();
        _folder.Write("sub/New.cs", "class Longer;");
        await PassAsync();
        await SeenAsync($"Changed {Path("sub/New.cs")}");

        var notice = Assert.Single(_notices);
        Assert.Equal(NoticeLevel.Information, notice.Level);
        Assert.Contains("inotify watches has been reached), so changes on disk are looked for", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watcher_that_gives_up_later_is_replaced_by_looking_and_what_it_missed_is_found()
    {
        Watcher? watcher = null;
        Start(_clock, _ => watcher = new Watcher(new TemporaryFolder()));
        await _watcher!.Begun;
        _watcher.Follow([_folder.Path]);
        await _clock.WhenAwaitedAsync();
        _folder.Write("New.cs", "class New;");

        // It is told to look by another part, but not where: nothing is found. Then the limit is reached.
        _clock.Advance(DiskWatcher.Settling);
        watcher!.Fail(new IOException("No space left on device"));
        watcher.Fail(new IOException("No space left on device"));
        await PassAsync();
        await SeenAsync($"Created {Path("New.cs")}");
        Assert.Single(_notices);

        File.Delete(Path("New.cs"));
        await PassAsync();
        await SeenAsync($"Deleted {Path("New.cs")}");
    }

    [Fact]
    public async Task After_too_many_changes_at_once_all_is_looked_at_and_the_watcher_goes_on()
    {
        Watcher? watcher = null;
        Start(_clock, _ => watcher = new Watcher(new TemporaryFolder()));
        await _watcher!.Begun;
        _watcher.Follow([_folder.Path]);
        await _clock.WhenAwaitedAsync();
        _folder.Write("New.cs", "class New;");
        watcher!.Fail(new InternalBufferOverflowException());
        await PassAsync();
        await SeenAsync($"Created {Path("New.cs")}");
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task Folders_come_and_go()
    {
        using var second = new TemporaryFolder();
        var awaited = _clock.WhenNextAwaitedAsync();
        Start(_clock, _ => throw new IOException("none"));
        await awaited;
        second.Write("Before.cs", "class Before;");
        _watcher!.Follow([second.Path]);
        await PassAsync();

        _folder.Write("Unseen.cs", "class Unseen;");
        var after = second.Write("After.cs", "class After;");
        await PassAsync();
        await SeenAsync($"Created {after}");
    }

    private string Path(string relative) => System.IO.Path.Combine(_folder.Path, relative);

    private void Start(TimeProvider time, Func<string, FileSystemWatcher>? create) =>
        _watcher = new DiskWatcher([_folder.Path], changes => _reported.Writer.TryWrite(changes), _notices.Add, time, create);

    /// <summary>Lets the time until the next look pass, and waits until the one after it is waited for.</summary>
    private async Task PassAsync()
    {
        await _clock.WhenAwaitedAsync();
        var next = _clock.WhenNextAwaitedAsync();
        _clock.Advance(DiskWatcher.Interval);
        await next.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The next report holds these, and nothing else.</summary>
    private async Task SeenAsync(params string[] expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var changes = await _reported.Reader.ReadAsync(limit.Token);
        Assert.Equal(expected.Order(StringComparer.Ordinal), changes.Select(c => $"{c.Kind} {c.Path}").Order(StringComparer.Ordinal));
    }

    /// <summary>Waits until all of these were reported, whatever else is: the system may tell of one write several times.</summary>
    private async Task HeardAsync(params string[] expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var missing = expected.ToHashSet(StringComparer.Ordinal);
        while (missing.Count > 0)
        {
            missing.ExceptWith((await _reported.Reader.ReadAsync(limit.Token)).Select(c => $"{c.Kind} {c.Path}"));
        }
    }

    /// <summary>A watcher that looks elsewhere, so that it hears nothing, and that the test can let fail.</summary>
    private sealed class Watcher : FileSystemWatcher
    {
        private readonly TemporaryFolder _empty;

        public Watcher(TemporaryFolder empty)
            : base(empty.Path) => _empty = empty;

        public void Fail(Exception problem) => OnError(new ErrorEventArgs(problem));

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _empty.Dispose();
        }
    }
}
