using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Commands;

/// <summary>The place that <c>complete</c> and <c>explain</c> are about, and how long to wait before it is answered.</summary>
internal sealed class FilePlace
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "A C# file." };
    private readonly Option<Position> _position = PositionOption.Create();

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "How many seconds to wait for the file's project and the index before answering from what is there.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_position);
        command.Options.Add(_timeout);
    }

    public FilePlaceValue Read(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(_file).FullName,
            parsed.GetRequiredValue(_position),
            TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(_timeout), 0, 86_400))
        );
}

/// <summary>What the user gave.</summary>
/// <param name="File">Absolute.</param>
internal sealed record FilePlaceValue(string File, Position Position, TimeSpan Timeout)
{
    /// <summary>What was not ready when the time was over, in the user's words.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Reads the file and checks that the position lies in it.</summary>
    /// <exception cref="CommandException">It is no C# file, cannot be read, or the position is outside.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        if (!File.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException($"'{File}' is no C# file: name one that ends in .cs.");
        }

        try
        {
            var text = await System.IO.File.ReadAllTextAsync(File, cancellation);
            CheckInside(text);
            return text;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"There is no file '{File}': check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{File}' cannot be read ({e.Message}): check its permissions.");
        }
    }

    /// <summary>Starts an engine on the file's workspace and waits until it is ready, or the time is over. Notices go to standard error.</summary>
    public async Task<CompletionEngine> StartAsync(CommonValues common, ILoggerFactory logs, CancellationToken cancellation)
    {
        var engine = CompletionEngine.Start(common.EngineFor(common.Workspace ?? WorkspaceRoot.Of(File), File, logs));
        Missing = await engine.WhenReadyAsync(File, Timeout, cancellation);
        await Terminal.SayAsync(engine.Notices);
        return engine;
    }

    private void CheckInside(string text)
    {
        var lines = text.Split('\n');
        if (Position.Line >= lines.Length)
        {
            throw new CommandException($"--position: line {Position.Line + 1} is outside '{File}', which has {lines.Length} lines.");
        }

        var length = lines[Position.Line].TrimEnd('\r').Length;
        if (Position.Character > length)
        {
            throw new CommandException(
                $"--position: column {Position.Character + 1} is outside line {Position.Line + 1} of '{File}', whose last column is {length + 1}."
            );
        }
    }
}
