namespace CodeComplete.Analysis;

/// <summary>
/// Runs every part once on a document that nobody sees. Roslyn's first completion in a process takes seconds: it composes its services and
/// is compiled itself.
/// </summary>
public static class WarmUp
{
    private const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Linq;

        public class Warm
        {
            private readonly List<string> _names = new();

            public int Count(string prefix)
            {
                var found = _names.Where(n => n.StartsWith(prefix)).ToList();
                return _names.
            }
        }
        """;

    /// <summary>Has Roslyn compose its services on another thread, half a second's work that the first workspace waits for. Returns at once.</summary>
    public static void Begin() => _ = Task.Run(static () => SolutionStore.Host);

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task RunAsync(CancellationToken cancellation)
    {
        const string Path = "untitled:WarmUp.cs";
        await using var workspace = CodeWorkspace.InMemory([(Path, Source)]);
        workspace.Open(Path, version: 1, Source);
        if (workspace.Take(Path) is not { } snapshot)
        {
            return;
        }

        // The list's part is the longest, and the least of it serves ghost text.
        var offset = Source.LastIndexOf('.') + 1;
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        cursor.NamesAfter("");
        cursor.NamesAfter("Where(n => n.");
        Verifier.Verify(cursor, "Where(n => n.Length > 1).Nothing();", cancellation);
        Verifier.Verify(cursor, "Count(n => n.Length > 1);", cancellation);

        var list = await ItemLister.ListAsync(snapshot, offset, typed: null, cancellation);
        if (list.Items.Count > 0)
        {
            await ItemLister.DescribeAsync(snapshot, list.Items[0], cancellation);
        }
    }
}
