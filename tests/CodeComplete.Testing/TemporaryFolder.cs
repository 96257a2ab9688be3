namespace CodeComplete.Testing;

/// <summary>An empty folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("codecomplete-").FullName;

    /// <summary>Writes a file (folders are made) and returns its full path.</summary>
    public string Write(string relativePath, string text)
    {
        var path = System.IO.Path.Combine(Path, relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Completes when a file of this name is there, in the folder or below.</summary>
    public async Task WhenThereAsync(string name, CancellationToken cancellation = default)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => Look();
        watcher.Renamed += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await there.Task.WaitAsync(cancellation);

        void Look()
        {
            if (Directory.EnumerateFiles(Path, name, SearchOption.AllDirectories).Any())
            {
                there.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still ending may hold a file; the system's temporary folder is cleaned anyway.
        }
        catch (UnauthorizedAccessException) { }
    }
}
