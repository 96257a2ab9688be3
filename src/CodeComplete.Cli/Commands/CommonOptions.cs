using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Commands;

/// <summary>Options that every command that completes has.</summary>
internal sealed class CommonOptions
{
    private readonly Option<DirectoryInfo?> _workspace = new("--workspace")
    {
        Description =
            "The folder of the project to know (default: the nearest one above the file, or above the current folder, with a solution, a .git folder or a project).",
        HelpName = "DIR",
    };

    private readonly Option<DirectoryInfo?> _model = new("--model")
    {
        Description = "A model folder (default: the one that is shipped).",
        HelpName = "DIR",
    };

    private readonly Option<string> _provider = new("--provider")
    {
        Description = "What the transformer runs on: auto, directml, webgpu, cuda or cpu.",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _remoteUrl = new("--remote-url")
    {
        Description =
            "An OpenAI-compatible server that writes ghost text instead of this machine, as the setting remote.url (default: none).",
        HelpName = "URL",
    };

    private readonly Option<string?> _remoteKeyEnv = new("--remote-key-env")
    {
        Description = "The environment variable that holds that server's key, as the setting remote.keyEnv.",
        HelpName = "NAME",
    };

    private readonly Option<DirectoryInfo?> _dataDirectory = new("--data-dir")
    {
        Description = "Where the memory and the log lie (default: the user's data folder).",
        HelpName = "DIR",
    };

    private readonly Option<bool> _noMemory = new("--no-memory") { Description = "Do not read or write the project memory." };

    private readonly Option<int?> _diskMb = new("--disk-mb")
    {
        Description = $"What the memory may take on disk, as the setting memory.diskMb (default: {EngineSettings.Default.MemoryDiskMb}).",
        HelpName = "MB",
        CustomParser = ReadDiskMb,
    };

    private readonly Option<FileInfo?> _log = new("--log") { Description = "Write a log to this file.", HelpName = "FILE" };

    private readonly Option<string?> _logLevel = new("--log-level")
    {
        Description =
            $"What the log takes, as the setting log.level: {string.Join(", ", EngineSettings.LogLevels.Select(level => level.Name))} (default: info).",
        HelpName = "LEVEL",
    };

    public CommonOptions()
    {
        _logLevel.AcceptOnlyFromAmong([.. EngineSettings.LogLevels.Select(level => level.Name)]);
        _provider.AcceptOnlyFromAmong("auto", "directml", "webgpu", "cuda", "cpu");
    }

    /// <summary>Only what the command reads is offered by its help.</summary>
    public void AddTo(
        Command command,
        bool hasWorkspace = true,
        bool hasModel = true,
        bool hasProvider = true,
        bool hasMemorySwitch = true,
        bool hasLog = true
    )
    {
        Add(hasWorkspace, _workspace);
        Add(hasModel, _model);
        Add(hasModel && hasProvider, _provider);
        Add(hasModel && hasProvider, _remoteUrl);
        Add(hasModel && hasProvider, _remoteKeyEnv);
        Add(true, _dataDirectory);
        Add(hasMemorySwitch, _noMemory);
        Add(true, _diskMb);
        Add(hasLog, _log);
        Add(hasLog, _logLevel);

        void Add(bool wanted, Option option)
        {
            if (wanted)
            {
                command.Options.Add(option);
            }
        }
    }

    /// <exception cref="CommandException">A folder that is named is not there, or an address is none.</exception>
    public CommonValues Read(ParseResult parsed) =>
        new(
            Existing(parsed.GetValue(_workspace), "--workspace"),
            parsed.GetValue(_model)?.FullName,
            parsed.GetValue(_provider) ?? "auto",
            Remote(parsed.GetValue(_remoteUrl), EngineSettings.IsRemoteUrl, "--remote-url: that is no address like http://localhost:8000."),
            Remote(
                parsed.GetValue(_remoteKeyEnv),
                EngineSettings.IsVariableName,
                "--remote-key-env: that is no name of an environment variable."
            ),
            parsed.GetValue(_dataDirectory)?.FullName,
            parsed.GetValue(_noMemory),
            parsed.GetValue(_diskMb),
            parsed.GetValue(_log)?.FullName,
            parsed.GetValue(_logLevel) is { } level ? EngineSettings.LogLevels.First(known => known.Name == level).Value : null
        );

    private static int? ReadDiskMb(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= EngineSettings.LeastMemoryDiskMb and <= EngineSettings.MostMemoryDiskMb
        )
        {
            return number;
        }

        result.AddError(
            $"--disk-mb '{text}' is no size: give a whole number of MB from {EngineSettings.LeastMemoryDiskMb} to {EngineSettings.MostMemoryDiskMb}."
        );
        return null;
    }

    private static string? Remote(string? value, Func<string, bool> isGood, string complaint) =>
        value is null || isGood(value) ? value : throw new CommandException(complaint, ExitCodes.WrongUsage);

    private static string? Existing(DirectoryInfo? folder, string option) =>
        folder is null || folder.Exists
            ? folder?.FullName
            : throw new CommandException($"{option}: there is no folder '{folder.FullName}'.", ExitCodes.WrongUsage);
}

/// <summary>What the user gave for the <see cref="CommonOptions"/>; paths are absolute.</summary>
internal sealed record CommonValues(
    string? Workspace,
    string? Model,
    string Provider,
    string? RemoteUrl,
    string? RemoteKeyEnv,
    string? DataDirectory,
    bool NoMemory,
    int? DiskMb,
    string? Log,
    LogLevel? LogLevel
)
{
    public EngineSettings Settings => Onto(EngineSettings.Default);

    /// <summary>What is said on the command line wins over what is set elsewhere.</summary>
    public EngineSettings Onto(EngineSettings settings) =>
        settings with
        {
            Model = Model ?? settings.Model,
            Provider = Provider != "auto" ? Provider : settings.Provider,
            RemoteUrl = RemoteUrl ?? settings.RemoteUrl,
            RemoteKeyEnv = RemoteKeyEnv ?? settings.RemoteKeyEnv,
            MemoryEnabled = settings.MemoryEnabled && !NoMemory,
            MemoryDiskMb = DiskMb ?? settings.MemoryDiskMb,
            LogLevel = LogLevel ?? settings.LogLevel,
        };

    public EngineOptions EngineFor(string folder, string? firstFile, ILoggerFactory logs) =>
        new()
        {
            WorkspaceFolders = [folder],
            Settings = Settings,
            DataDirectory = DataDirectory,
            FirstFile = firstFile,
            Logs = logs,
        };
}
