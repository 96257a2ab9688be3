using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using CodeComplete.Testing;

namespace CodeComplete.EndToEnd;

/// <summary>Nothing leaves the machine (invariant 4): a whole session under <c>strace</c>, with all the processes it starts.</summary>
public sealed partial class NetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_session_opens_no_socket_but_local_ones()
    {
        Assert.SkipUnless(IsStraceInstalled(), "strace is not installed here, and this test is its work: `apt-get install strace`.");
        var trace = Path.Combine(_folder.Path, "trace.txt");
        var home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        var file = Path.Combine(Product.Sample, "src", "Clinic.Domain", "Common", "Money.cs");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await using (
            var client = LspClient.Spawn(
                "strace",
                [
                    "-f",
                    "-qq",
                    "-e",
                    "trace=network,execve",
                    "-s",
                    "200",
                    "-o",
                    trace,
                    Product.Dotnet,
                    .. Product.Arguments("lsp", "--data-dir", _folder.Path),
                ],
                new Dictionary<string, string?> { ["HOME"] = home, ["XDG_CACHE_HOME"] = Path.Combine(home, ".cache") }
            )
        )
        {
            await client.InitializeAsync(Product.Sample);
            await client.OpenAsync(file, text);
            var end = text.IndexOf('\n', text.IndexOf("return", StringComparison.Ordinal));
            var line = text.AsSpan(0, end).Count('\n');
            var ghost = await client.AskAsync("textDocument/inlineCompletion", LspClient.At(file, line, 0));
            var list = await client.AskAsync("textDocument/completion", LspClient.At(file, line, 0));
            Assert.Null(ghost["error"]);
            Assert.Null(list["error"]);
            Assert.Equal(0, await client.ShutDownAsync());
        }

        var calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        Assert.NotEmpty(calls);
        // .NET asks the kernel once whether it has IPv4 and IPv6 by making a socket that it closes at once, before it opens its first Unix
        // socket; such a one is never bound, connected or sent from. Anything that is counts.
        var foreign = calls.Where(c => Foreign().IsMatch(c)).ToList();
        Assert.True(
            foreign.Count == 0,
            string.Join(Environment.NewLine, foreign.Concat(calls.Where(c => c.Contains("execve", StringComparison.Ordinal))))
        );
    }

    [Fact]
    public async Task Onnx_runtimes_uploader_never_starts()
    {
        // It sends its first events only after a while, but writes a device id and a queue to the cache folder at once.
        var home = Directory.CreateDirectory(Path.Combine(_folder.Path, "home")).FullName;
        await using var client = LspClient.Spawn(
            Product.Dotnet,
            Product.Arguments("lsp", "--data-dir", Path.Combine(_folder.Path, "data")),
            new Dictionary<string, string?> { ["HOME"] = home, ["XDG_CACHE_HOME"] = Path.Combine(home, ".cache") }
        );
        await client.InitializeAsync(Product.Sample);
        await client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");
        Assert.Equal(0, await client.ShutDownAsync());

        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(
                home,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            ),
            f => f.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase)
        );
    }

    [GeneratedRegex(
        @"\b(connect|bind|listen|accept4?|sendto|sendmsg|sendmmsg)\(.*(AF_INET|AF_INET6|AF_PACKET)|socket\((AF_INET6?), SOCK_(STREAM|RAW)|socket\((AF_PACKET|AF_NETLINK)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Foreign();

    private static bool IsStraceInstalled()
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("strace", "-V")
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
