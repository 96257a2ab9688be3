using System.Diagnostics;

namespace CodeComplete.Testing;

/// <summary>The built <c>codecomplete</c> command, run as users run it: a process of its own.</summary>
public static class Product
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "codecomplete.dll");

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string Sample { get; } = Path.Combine(Repository.Fixtures, "Clinic");

    public static IReadOnlyList<string> Arguments(params string[] arguments) => [Program, .. arguments];

    /// <summary>A server with a data folder of its own.</summary>
    public static LspClient StartServer(string dataDirectory, params string[] more) =>
        LspClient.Spawn(Dotnet, Arguments(["lsp", "--stdio", "--data-dir", dataDirectory, .. more]));

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellation = default
    )
    {
        var start = new ProcessStartInfo(Dotnet, Arguments([.. arguments]))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
