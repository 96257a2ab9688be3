using System.Text.Json.Nodes;
using CodeComplete.Testing;

namespace CodeComplete.EndToEnd;

/// <summary>Two editors on one workspace: two servers, one memory.</summary>
public sealed class TwoServersTests : IDisposable
{
    private const string Source = """
        namespace Clinic.Domain.Billing;

        public class Till
        {
            private readonly List<decimal> _amounts = new();

            public decimal Total()
            {
                return _amounts.
            }
        }
        """;

    private const int Line = 8;
    private const int Character = 24;

    private readonly TemporaryFolder _folder = new();

    private string Workspace => Path.Combine(_folder.Path, "Clinic");

    private string Data => Path.Combine(_folder.Path, "data");

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Both_complete_and_learn_and_the_second_takes_over_when_the_first_is_killed()
    {
        CopySample();
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        await AcceptAsync(first);
        await AcceptAsync(second);
        // The owner's journal: what the second was told to record, it has told the owner.
        await WrittenAsync("acceptances.jsonl", static path => Read(path).Count(static c => c == '\n') == 2);

        var killed = DateTime.UtcNow;
        first.Server!.Kill(entireProcessTree: true);
        await first.Server.WaitForExitAsync(None);
        // Who owns the memory listens on a socket of its own; the one that the killed server left behind is older.
        await WrittenAsync("owner.sock", path => File.GetLastWriteTimeUtc(path) > killed);
        await AcceptAsync(second);
        var list = await second.AskAsync("textDocument/completion", LspClient.At(Document, Line, Character), None);
        Assert.NotEmpty(list["result"]!["items"]!.AsArray());
        Assert.Equal(0, await second.ShutDownAsync());

        var (exitCode, output, _) = await Product.RunAsync(["index", Workspace, "--data-dir", Data], None);
        Assert.Equal(0, exitCode);
        Assert.Contains("3 accepted", output, StringComparison.Ordinal);
    }

    private string Document => Path.Combine(Workspace, "src", "Clinic.Domain", "Billing", "Payment.cs");

    private async Task<LspClient> StartAsync()
    {
        var client = Product.StartServer(Data);
        await client.InitializeAsync(Workspace);
        await client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready").WaitAsync(None);
        await client.OpenAsync(Document, Source);
        return client;
    }

    private async Task AcceptAsync(LspClient client)
    {
        var ghost = await client.AskAsync("textDocument/inlineCompletion", LspClient.At(Document, Line, Character), None);
        var command = ghost["result"]!["items"]![0]!["command"]!;
        var accepted = await client.AskAsync(
            "workspace/executeCommand",
            new JsonObject { ["command"] = (string)command["command"]!, ["arguments"] = command["arguments"]!.DeepClone() },
            None
        );
        Assert.Null(accepted["error"]);
    }

    /// <summary>Waits until a file in the data folder is as wanted.</summary>
    private async Task WrittenAsync(string name, Func<string, bool> isWanted)
    {
        using var written = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(Data, name) { IncludeSubdirectories = true };
        watcher.Changed += (_, _) => written.Release();
        watcher.Created += (_, _) => written.Release();
        watcher.EnableRaisingEvents = true;
        while (!Directory.EnumerateFiles(Data, name, SearchOption.AllDirectories).Any(isWanted))
        {
            await written.WaitAsync(None);
        }
    }

    // The server has it open for writing.
    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private void CopySample()
    {
        foreach (var file in Directory.EnumerateFiles(Product.Sample, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Product.Sample, file);
            if (!relative.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            {
                var copy = Path.Combine(Workspace, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }
}
