using System.Diagnostics;
using System.Text.Json.Nodes;
using CodeComplete.Testing;

namespace CodeComplete.EndToEnd;

/// <summary>What another program writes is seen, though the client watches no files.</summary>
public sealed class WatchingTests : IDisposable
{
    private const string Project =
        """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""";

    private const string Source = "class A { void M(B b) { b. } }";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_server_watches()
    {
        await using var client = Product.StartServer(_folder.Path, "--model", "none");
        await SeesAsync(client);
        Assert.DoesNotContain(client.Notifications, IsOfPolling);
    }

    [Fact]
    public async Task Where_the_system_gives_no_watches_the_server_looks_again_and_again_and_says_so()
    {
        // A user of its own, to whom the system gives one watch of one folder.
        const string Limit = "echo 1 > /proc/sys/user/max_inotify_watches";
        if (!OperatingSystem.IsLinux() || !await SucceedsAsync("unshare", "--user", "--map-root-user", "sh", "-c", Limit))
        {
            Assert.Skip("Needs Linux with `unshare`, and leave to make a user namespace.");
        }

        var server = string.Join(
            ' ',
            Product.Arguments("lsp", "--data-dir", _folder.Path, "--model", "none").Select(argument => $"'{argument}'")
        );
        await using var client = LspClient.Spawn(
            "unshare",
            ["--user", "--map-root-user", "sh", "-c", $"{Limit}; exec '{Product.Dotnet}' {server}"]
        );
        await SeesAsync(client);
        Assert.Single(client.Notifications, IsOfPolling);
    }

    private static bool IsOfPolling((string Method, JsonNode? Params) notification) =>
        notification.Method == "window/logMessage"
        && ((string)notification.Params!["message"]!).Contains(
            "changes on disk are looked for every few seconds",
            StringComparison.Ordinal
        );

    private async Task SeesAsync(LspClient client)
    {
        var version = 1;
        var workspace = Path.GetDirectoryName(_folder.Write("work/A.csproj", Project))!;
        var file = _folder.Write("work/A.cs", Source);
        _folder.Write("work/below/B.cs", "class B { public int Before; }");
        await client.InitializeAsync(workspace);
        await client.OpenAsync(file, Source);
        await client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");
        await ListedAsync("Before");

        _folder.Write("work/below/B.cs", "class B { public int After; public Added Added; }");
        _folder.Write("work/new/Added.cs", "class Added;");
        await ListedAsync("After");

        async Task ListedAsync(string name)
        {
            while (true)
            {
                // A user who types on; until the next edit Roslyn lists from what it had compiled at the last.
                await client.ChangeAsync(file, ++version, $"{Source} // {version}");
                var list = await client.AskAsync(
                    "textDocument/completion",
                    LspClient.At(file, 0, Source.IndexOf("b. }", StringComparison.Ordinal) + 2)
                );
                if (list["result"]!["items"]!.AsArray().Any(item => (string)item!["label"]! == name))
                {
                    return;
                }

                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
