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

    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellation = default
    ) => RunInAsync(Environment.CurrentDirectory, arguments, cancellation);

    /// <summary>Runs the command as a user does who is in this folder.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunInAsync(
        string folder,
        IReadOnlyList<string> arguments,
        CancellationToken cancellation = default
    ) => RunAsync(Dotnet, Arguments([.. arguments]), folder, new Dictionary<string, string?>(), cancellation);

    /// <summary>Runs the command with these variables of its environment set, or, where <see langword="null"/>, taken out.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunWithAsync(
        Dictionary<string, string?> environment,
        IReadOnlyList<string> arguments,
        CancellationToken cancellation = default
    ) => RunAsync(Dotnet, Arguments([.. arguments]), Environment.CurrentDirectory, environment, cancellation);

    /// <summary>Runs the command where the runtime is found, but no <c>dotnet</c> command, and so no SDK.</summary>
    /// <param name="emptyFolder">All that is on the search path.</param>
    public static Task<(int ExitCode, string Output, string Errors)> RunWithoutSdkAsync(
        IReadOnlyList<string> arguments,
        string emptyFolder,
        CancellationToken cancellation = default
    ) => RunAsync(Executable, arguments, Environment.CurrentDirectory, WithoutSdk(emptyFolder), cancellation);

    /// <summary>A server with a data folder of its own, where the runtime is found, but no SDK.</summary>
    /// <inheritdoc cref="RunWithoutSdkAsync"/>
    public static LspClient StartServerWithoutSdk(string dataDirectory, string emptyFolder) =>
        LspClient.Spawn(Executable, ["lsp", "--stdio", "--data-dir", dataDirectory], WithoutSdk(emptyFolder));

    private static string Executable => Path.ChangeExtension(Program, OperatingSystem.IsWindows() ? ".exe" : null);

    private static Dictionary<string, string?> WithoutSdk(string emptyFolder) =>
        new()
        {
            ["PATH"] = emptyFolder,
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..")),
            ["DOTNET_HOST_PATH"] = null,
            ["MSBuildSDKsPath"] = null,
        };

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string folder,
        Dictionary<string, string?> environment,
        CancellationToken cancellation
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
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
