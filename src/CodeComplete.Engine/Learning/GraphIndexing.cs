using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Memory;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Learning;

/// <summary>Where the bound symbols of files are kept.</summary>
internal interface ISymbolStore
{
    /// <summary>Absolute paths of the files whose bound symbols are not known for the text they have now.</summary>
    IReadOnlyList<string> Lacking();

    /// <summary>Keeps the symbols of a file.</summary>
    /// <param name="text">What was read: it may be newer than what the store knows of the file.</param>
    void Put(string path, string text, FileSymbols symbols);
}

/// <summary>Reads the call edges of all files through the compiler, in idle time.</summary>
internal sealed class GraphIndexing(CodeWorkspace workspace, ILogger log)
{
    /// <summary>
    /// Reads every file that lacks symbols. What is read is kept at once, so the next call goes on where one that was cancelled has ended.
    /// Files whose project is not loaded are left out: most of their names would not bind.
    /// </summary>
    /// <param name="idle">Decides when each file may be read.</param>
    /// <returns>How many files were read.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<int> RunAsync(ISymbolStore store, IdleWork idle, CancellationToken cancellation)
    {
        var read = 0;
        // Others would be read from the disk at each run, to find that they are in no project.
        var inProjects = workspace.SourceFiles.ToHashSet(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal
        );
        await idle.RunAsync(
            store.Lacking().Where(inProjects.Contains),
            async (path, token) =>
            {
                try
                {
                    if (workspace.Take(path) is { IsProjectLoaded: true } snapshot)
                    {
                        var symbols = await SymbolReader.ReadAsync(snapshot, token);
                        store.Put(path, snapshot.TextOf(), symbols.ToMemory());
                        read++;
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // One file that cannot be read must not keep the others out.
                    log.LogWarning(e, "The symbols of {Path} could not be read", path);
                }
            },
            cancellation
        );
        return read;
    }
}
