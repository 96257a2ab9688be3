using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Commands;

/// <summary>What <c>eval</c> and <c>dataset</c> have in common: a folder, and which cases of it.</summary>
internal sealed class EvaluatedFolderArguments
{
    private const int MostNumber = 10_000_000;

    private readonly Argument<DirectoryInfo?> _folder = new("DIR")
    {
        Description = "The folder of a C# project or solution whose own code is cut.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Of the draw: the same seed, kinds and files give the same cases.",
        HelpName = "S",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<IReadOnlyList<string>> _kinds = new("--kinds")
    {
        Description =
            $"Kinds of places to draw, with commas between: {string.Join(", ", CaseKinds.All)} (default: all but {CaseKinds.ClosedArgument}).",
        HelpName = "KINDS",
        CustomParser = ReadKinds,
        DefaultValueFactory = _ => CaseKinds.Default,
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "How many seconds to wait for the projects, the model and the index before giving up.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    private readonly CommonOptions _common = new();
    private readonly Option<int?> _count;

    /// <param name="count">The name of the option that says how many.</param>
    public EvaluatedFolderArguments(string count, string description)
    {
        _count = WholeNumber(count, description);
    }

    public static Option<int?> WholeNumber(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => ReadNumber(result, name),
        };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_folder);
        command.Options.Add(_count);
        command.Options.Add(_seed);
        command.Options.Add(_kinds);
        command.Options.Add(_timeout);
        // The folder is the workspace.
        _common.AddTo(command, hasWorkspace: false);
    }

    public bool HasFolder(SymbolResult result) => result.GetResult(_folder) is { Tokens.Count: > 0 };

    /// <exception cref="CommandException">There is no such folder, or the memory would be the user's own.</exception>
    public EvaluatedFolderOptions Read(ParseResult parsed, ILoggerFactory logs)
    {
        var folder = parsed.GetValue(_folder)!;
        if (!folder.Exists)
        {
            throw new CommandException($"There is no folder '{folder.FullName}': check the path.");
        }

        var common = Common(parsed);
        // Cases are taken out of the memory and put back: none of that is for the memory that the user's editors ask.
        if (common.DataDirectory is { } data && SamePlace(data, DataFolder.Default))
        {
            throw new CommandException(
                "--data-dir: this is your own data folder, and an evaluation needs a memory of its own: name another one, or none.",
                ExitCodes.WrongUsage
            );
        }

        return new EvaluatedFolderOptions
        {
            Folder = Path.TrimEndingDirectorySeparator(folder.FullName),
            Settings = common.Settings,
            DataDirectory = common.DataDirectory,
            Timeout = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(_timeout), 0, 86_400)),
            Logs = logs,
        };
    }

    public CommonValues Common(ParseResult parsed) => _common.Read(parsed);

    /// <param name="otherwise">How many where the user does not say.</param>
    public CaseSelection Selection(ParseResult parsed, int? otherwise) =>
        new()
        {
            Count = parsed.GetValue(_count) ?? otherwise,
            Seed = parsed.GetValue(_seed),
            Kinds = parsed.GetValue(_kinds) ?? CaseKinds.Default,
        };

    private static bool SamePlace(string one, string other) =>
        string.Equals(
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)),
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(other)),
            OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
        );

    private static IReadOnlyList<string> ReadKinds(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var kinds = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (kinds.FirstOrDefault(kind => !CaseKinds.All.Contains(kind, StringComparer.Ordinal)) is not null || kinds.Length == 0)
        {
            result.AddError($"--kinds '{text}': give some of {string.Join(", ", CaseKinds.All)}, with commas between.");
            return CaseKinds.Default;
        }

        // In one order, so that the same kinds are the same settings.
        return [.. CaseKinds.All.Where(kinds.Contains)];
    }

    private static int? ReadNumber(ArgumentResult result, string name)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostNumber)
        {
            return number;
        }

        result.AddError($"{name} '{text}' is no number: give a whole number from 1 to {MostNumber}.");
        return null;
    }
}
