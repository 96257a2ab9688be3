using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Evaluation;

/// <summary>What is evaluated, and with what.</summary>
public sealed record EvaluatedFolderOptions
{
    /// <summary>The folder, absolute; it is the engine's only one.</summary>
    public required string Folder { get; init; }

    public EngineSettings Settings { get; init; } = EngineSettings.Default;

    /// <summary>Where the memory lies; <see langword="null"/>: in a temporary folder that goes away. The user's own must never be taught.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long to wait for projects, model and index.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>Which cases of a folder.</summary>
public sealed record CaseSelection
{
    /// <summary>At most so many; <see langword="null"/>: all there are.</summary>
    public int? Count { get; init; }

    /// <summary>Of the draw.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of <see cref="CaseKinds"/>, to be drawn.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = CaseKinds.Default;

    /// <summary>A file of cases (<see cref="CaseFile"/>), absolute, to be taken in its order; <see langword="null"/>: they are drawn.</summary>
    public string? File { get; init; }
}

/// <summary>An engine on a folder with a memory of its own, for as long as it is evaluated.</summary>
public sealed class EvaluatedFolder : IAsyncDisposable
{
    private readonly EvaluatedFolderOptions _options;
    private readonly DirectoryInfo? _temporary;

    private EvaluatedFolder(EvaluatedFolderOptions options)
    {
        _options = options;
        _temporary = options.DataDirectory is null ? Directory.CreateTempSubdirectory("codecomplete-eval-") : null;
        Engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [options.Folder],
                Settings = options.Settings,
                DataDirectory = options.DataDirectory ?? _temporary!.FullName,
                Logs = options.Logs,
            }
        );
        Runner = new CaseRunner(Engine, options.Folder, options.Timeout);
    }

    public CompletionEngine Engine { get; }

    public CaseRunner Runner { get; }

    /// <summary>Returns at once; what is asked of it waits.</summary>
    public static EvaluatedFolder Start(EvaluatedFolderOptions options) => new(options);

    /// <summary>The cases, in the order in which they are run.</summary>
    /// <exception cref="CaseException">The file of cases cannot be read, or one of its lines is no case of this folder.</exception>
    /// <exception cref="EvaluationException">The projects do not load in time, or there is no case.</exception>
    public async Task<IReadOnlyList<EvaluationCase>> CasesAsync(CaseSelection selection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var cases = selection.File is { } file ? await FromFileAsync(file, cancellation) : await DrawnAsync(selection, cancellation);
        return cases.Count > 0
            ? [.. cases.Take(selection.Count ?? int.MaxValue)]
            : throw new EvaluationException(
                selection.File is not null
                    ? $"'{selection.File}' has no case: write one JSON object a line."
                    : $"'{_options.Folder}' has no line that uses a member of its own projects: name a folder with a C# project."
            );
    }

    /// <summary>Waits until the memory is whole: all projects loaded, all code indexed and read. A case is answered the same whenever it is run.</summary>
    /// <exception cref="EvaluationException">The projects do not load in time.</exception>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        await LoadedAsync(Engine.WhenProjectsLoaded.WaitAsync(_options.Timeout, cancellation));
        await Engine.Indexed.WaitAsync(cancellation);
        await Engine.ReadAllAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        try
        {
            _temporary?.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system cleans its temporary folder anyway.
        }
    }

    private async Task<IReadOnlyList<EvaluationCase>> FromFileAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return await CaseFile.ReadAsync(file, _options.Folder, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"'{file}' cannot be read ({e.Message.TrimEnd('.')}): check the path.", e);
        }
    }

    private async Task<IReadOnlyList<EvaluationCase>> DrawnAsync(CaseSelection selection, CancellationToken cancellation)
    {
        var cases = Runner.MakeAsync(selection.Count ?? int.MaxValue, selection.Seed, cancellation, selection.Kinds);
        await LoadedAsync(cases);
        return await cases;
    }

    private async Task LoadedAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (TimeoutException e)
        {
            throw new EvaluationException(
                $"The projects of '{_options.Folder}' were not loaded within {_options.Timeout.TotalSeconds:0} s: give them longer with --timeout.",
                e
            );
        }
    }
}
