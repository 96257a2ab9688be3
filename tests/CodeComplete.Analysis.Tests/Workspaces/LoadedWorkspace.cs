using System.Collections.Concurrent;
using System.Diagnostics;
using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>A workspace on a temporary folder, and what it said.</summary>
internal sealed class LoadedWorkspace : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<WorkspaceNotice> _notices = new();
    private readonly ConcurrentQueue<WorkspaceProgress> _progress = new();

    public LoadedWorkspace(string? targetFramework = null, params string[] exclude)
        : this(new WorkspaceOptions { TargetFramework = targetFramework, Exclude = exclude }) { }

    /// <param name="options">But for the folder.</param>
    public LoadedWorkspace(WorkspaceOptions options)
    {
        // A repository's root: nothing above it belongs to the test.
        Directory.CreateDirectory(System.IO.Path.Combine(_folder.Path, ".git"));
        Workspace = new CodeWorkspace(options with { Folders = [_folder.Path] });
        Workspace.Noticed += _notices.Enqueue;
        Workspace.Progressed += _progress.Enqueue;
    }

    public CodeWorkspace Workspace { get; }

    public IReadOnlyList<WorkspaceNotice> Notices => [.. _notices];

    public IReadOnlyList<WorkspaceProgress> Progress => [.. _progress];

    public string Folder => _folder.Path;

    public string Path(string relativePath) => System.IO.Path.Combine(_folder.Path, relativePath);

    public string Write(string relativePath, string text) => _folder.Write(relativePath, text);

    /// <summary>A project of the usual kind, with more XML inside.</summary>
    public string WriteProject(string relativePath, string inside = "", string framework = "<TargetFramework>net10.0</TargetFramework>") =>
        Write(
            relativePath,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>{framework}<ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              {inside}
            </Project>
            """
        );

    public Task LoadAsync(string? firstFile = null) => Workspace.LoadAsync(firstFile, CancellationToken.None);

    public DocumentSnapshot Take(string relativePath) =>
        Workspace.Take(Path(relativePath)) ?? throw new InvalidOperationException($"No snapshot of {relativePath}.");

    /// <summary>Tells the workspace of a change and waits until it knows all that follows from it.</summary>
    public async Task ChangedAsync(string relativePath, DiskChange change)
    {
        Workspace.FilesChanged([new ChangedFile(Path(relativePath), change)]);
        await Workspace.WhenLoaded(Path("No such file.cs"), CancellationToken.None);
    }

    /// <summary>Restores as a user does. Without packages this needs no network.</summary>
    public async Task RestoreAsync(string relativePath)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", ["restore", Path(relativePath)])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                WorkingDirectory = _folder.Path,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await Workspace.DisposeAsync();
        _folder.Dispose();
    }
}
