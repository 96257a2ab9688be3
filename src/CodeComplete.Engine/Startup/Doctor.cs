using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;

namespace CodeComplete.Engine;

public enum Health
{
    Good,

    /// <summary>It works, but slower than it should.</summary>
    Weak,

    /// <summary>It is not there, and the product does without.</summary>
    Absent,

    /// <summary>It must work and does not.</summary>
    Broken,
}

/// <summary>What was found out about one part of this machine, and what to do where it is not good.</summary>
public sealed record Finding(string Part, Health Health, string Text);

/// <summary>Tries the whole product on a small project of its own, part by part: what works, what is slow, and what to do.</summary>
public static class Doctor
{
    // What a user waits for ghost text at a new place before it is a nuisance.
    private const double SlowGhostMilliseconds = 1000;
    private const double SlowListMilliseconds = 200;

    // 1,000 files have some 12,000 snippets, and should be read within minutes.
    private const double SlowSnippetMilliseconds = 8;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
        </Project>
        """;

    private const string Cart = """
        namespace Trial;

        public sealed record CartItem(string Name, decimal Price, int Quantity);

        public class Cart
        {
            private readonly List<CartItem> _items = new();

            public void Add(CartItem item)
            {
                _items.Add(item);
            }

            public bool IsEmpty()
            {
                return _items.
            }
        }
        """;

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async IAsyncEnumerable<Finding> ExamineAsync(
        EngineSettings settings,
        string? dataDirectory,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        yield return new Finding(
            "machine",
            Environment.ProcessorCount >= 2 ? Health.Good : Health.Weak,
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture}), {Environment.ProcessorCount} cores"
        );

        var data = dataDirectory ?? DataFolder.Default;
        var trial = Path.Combine(data, "doctor");
        if (TryPrepare(trial) is { } problem)
        {
            yield return new Finding(
                "data folder",
                Health.Broken,
                $"'{data}' cannot be written ({problem}): make it writable, or name another with --data-dir"
            );
            yield break;
        }

        yield return new Finding("data folder", Health.Good, data);
        var workspace = Path.Combine(trial, "workspace");
        var file = Path.Combine(workspace, "Cart.cs");
        try
        {
            var began = Stopwatch.GetTimestamp();
            await using var engine = CompletionEngine.Start(
                new EngineOptions
                {
                    WorkspaceFolders = [workspace],
                    Settings = settings,
                    DataDirectory = trial,
                    FirstFile = file,
                }
            );
            var missing = await engine.WhenReadyAsync(file, TimeSpan.FromSeconds(60), cancellation);
            var ready = Stopwatch.GetElapsedTime(began);
            foreach (var notice in engine.Notices)
            {
                yield return new Finding("notice", notice.Level == NoticeLevel.Error ? Health.Broken : Health.Absent, notice.Message);
            }

            foreach (var line in missing)
            {
                yield return new Finding("start", Health.Weak, $"after 60 s {line}");
            }

            yield return engine.Model switch
            {
                { Provider: LoadedModel.Remote } m => new Finding(
                    "remote engine",
                    Health.Good,
                    $"{m.Graph} is asked for ghost text, with prompts as {m.Name} reads them; the list has no stars"
                ),
                { } m => new Finding(
                    "model",
                    Health.Good,
                    $"{m.Name}, {m.Graph} on {m.Provider}; all ready after {ready.TotalSeconds:0.0} s"
                ),
                null => new Finding("model", Health.Broken, "no model is loaded: the list works, ghost text and stars do not"),
            };
            if (engine.Embedder is { } embedder)
            {
                yield return Vectors(embedder);
            }

            foreach (var line in engine.MemoryStatistics)
            {
                yield return new Finding(
                    "memory",
                    Health.Good,
                    $"{line.Files} files and {line.Snippets} snippets of the trial project indexed"
                );
            }

            var lines = Cart.Split('\n');
            var cursor = new Position(
                Array.FindIndex(lines, l => l.EndsWith("_items.", StringComparison.Ordinal)),
                "        return _items.".Length
            );
            // The first request in a process compiles the compiler itself; the second is what a user sees.
            await engine.CompleteListAsync(new ListRequest(file, cursor), cancellation);
            var list = await engine.CompleteListAsync(new ListRequest(file, cursor, WaitForStars: true), cancellation);
            yield return list.Items.Count > 0
                ? Timed(
                    "list",
                    list.Timings.List,
                    SlowListMilliseconds,
                    $"{list.Items.Count} items, {list.Items.Count(i => i.Starred)} starred"
                )
                : new Finding("list", Health.Broken, "no items for a member of List<T>: is a .NET SDK installed? `dotnet --info` tells");
            if (engine.Model is not null)
            {
                var ghost = await engine.CompleteInlineAsync(new GhostRequest(file, cursor, Invoked: true), cancellation);
                yield return ghost.Ghost is { } g
                    ? Timed(
                        "ghost text",
                        ghost.Timings.Total,
                        SlowGhostMilliseconds,
                        $"`return _items.` -> `{g.Text}`, {(g.Verified == true ? "compiles" : "not verified")}"
                    )
                    : new Finding(
                        "ghost text",
                        engine.Notices.Any(n => n.Message == ghost.Why) ? Health.Broken : Health.Weak,
                        $"none for the trial: {ghost.Why}"
                    );
            }
        }
        finally
        {
            TryDelete(trial);
        }
    }

    private static Finding Vectors(IEmbedder embedder)
    {
        if (embedder.IsLexical)
        {
            return new Finding("vectors", Health.Absent, "no encoder in the model folder: code that is alike is found by its words alone");
        }

        const int Texts = 16;
        var vectors = new float[Texts * embedder.Dimensions];
        var began = Stopwatch.GetTimestamp();
        embedder.Embed([.. Enumerable.Repeat(Cart, Texts)], EmbeddedKind.Snippet, vectors, CancellationToken.None);
        var each = Stopwatch.GetElapsedTime(began).TotalMilliseconds / Texts;
        var text = $"{embedder.Id}, {embedder.Dimensions} numbers, {each:0.0} ms a snippet";
        return each <= SlowSnippetMilliseconds
            ? new Finding("vectors", Health.Good, text)
            : new Finding("vectors", Health.Weak, text + ": a large project takes long to be read; close what else uses the processor");
    }

    private static Finding Timed(string part, double milliseconds, double slow, string what) =>
        milliseconds <= slow
            ? new Finding(part, Health.Good, $"{what}, {milliseconds:0} ms")
            : new Finding(
                part,
                Health.Weak,
                $"{what}, {milliseconds:0} ms: close what else uses the processor, or set 'provider' to a GPU's"
            );

    private static string? TryPrepare(string trial)
    {
        try
        {
            TryDelete(trial);
            var workspace = Directory.CreateDirectory(Path.Combine(trial, "workspace")).FullName;
            File.WriteAllText(Path.Combine(workspace, "Trial.csproj"), Project);
            File.WriteAllText(Path.Combine(workspace, "Cart.cs"), Cart);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the next run, which begins by deleting it.
        }
    }
}
