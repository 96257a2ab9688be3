using System.Globalization;
using System.Text;
using System.Text.Json;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Evaluation;

/// <summary><c>codecomplete dataset</c>: training samples of a folder, in the prompts that the product itself makes there.</summary>
public static class DatasetRun
{
    public const string ManifestName = "manifest.json";
    public const int DefaultSamplesOfAFile = 1000;

    private static readonly JsonSerializerOptions Json = new(EvaluationReport.Json) { WriteIndented = true };

    /// <summary>
    /// Writes <c>samples-00000.jsonl</c> and so on, a <see cref="TrainingSample"/> a line, and the manifest. A run that finds its own unfinished
    /// data set goes on where it stopped; one that is finished is only read.
    /// </summary>
    /// <param name="output">The folder of the data set, absolute; made where it is not there.</param>
    /// <param name="samplesOfAFile">At least 1.</param>
    /// <param name="version">The product's.</param>
    /// <param name="progress">Told in words how far it has come, and how long it will take.</param>
    /// <exception cref="CaseException">The files changed meanwhile, the engine did not get ready, or there is no model.</exception>
    /// <exception cref="EvaluationException">The folder cannot be written, or holds something else.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the samples so far are written.</exception>
    public static async Task<DatasetManifest> RunAsync(
        EvaluatedFolderOptions options,
        CaseSelection selection,
        string output,
        int samplesOfAFile,
        string version,
        Action<string> progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(progress);
        var begun = Begun(output);
        await using var folder = EvaluatedFolder.Start(options);
        progress("Loading the projects, the model and the index");
        var cases = await folder.CasesAsync(selection, cancellation);
        var model = await folder.Engine.WhenModelLoaded ?? throw EvaluationRun.NoModel(folder.Engine);
        var manifest = new DatasetManifest
        {
            Folder = Path.GetFileName(options.Folder),
            Asked = selection.Count,
            Seed = selection.Seed,
            Kinds = selection.Kinds,
            CasesHash = EvaluationRun.HashOf(cases),
            Model = model.Name,
            TokenizerId = model.TokenizerId,
            PromptFormat = PromptFormat.Supported,
            Memory = options.Settings.MemoryEnabled,
            Version = version,
            Build = EvaluationRun.Build,
            SamplesOfAFile = samplesOfAFile,
        };
        if (begun is not null)
        {
            EvaluationRun.RefuseOther(begun with { Counts = null }, manifest, output, "--out");
            if (begun.Counts is not null)
            {
                return begun;
            }
        }

        await WriteAsync(output, manifest, cancellation);
        var shards = new SampleFiles(output, samplesOfAFile);
        var done = shards.ReadWhatIsThere();
        progress("Reading the code into a memory of its own");
        await folder.ReadAsync(cancellation);

        var maker = new SampleMaker(folder.Engine, folder.Runner, model);
        var left = cases.Where(made => !done.Contains(made.Id)).ToList();
        var time = new TimeLeft(left.Count);
        var leftOut = 0;
        foreach (var made in left)
        {
            progress($"{cases.Count - left.Count + time.Ended} of {cases.Count} samples{time}");
            if (await maker.MakeAsync(made, cancellation) is { } sample)
            {
                shards.Add(sample);
            }
            else
            {
                leftOut++;
            }

            time.Done();
        }

        var finished = manifest with { Counts = shards.Count(leftOut) };
        await WriteAsync(output, finished, cancellation);
        return finished;
    }

    private static DatasetManifest? Begun(string output)
    {
        var path = Path.Combine(output, ManifestName);
        try
        {
            if (File.Exists(path))
            {
                return JsonSerializer.Deserialize<DatasetManifest>(File.ReadAllText(path), Json);
            }

            return !Directory.Exists(output) || !Directory.EnumerateFileSystemEntries(output).Any()
                ? null
                : throw new EvaluationException($"'{output}' holds something else than a data set: name an empty folder with --out.");
        }
        catch (JsonException e)
        {
            throw new EvaluationException($"'{path}' is no manifest of `codecomplete dataset`: name an empty folder with --out.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"'{output}' cannot be read ({e.Message.TrimEnd('.')}): name another folder with --out.", e);
        }
    }

    private static async Task WriteAsync(string output, DatasetManifest manifest, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(output);
            var path = Path.Combine(output, ManifestName);
            // A reader sees the one before or this one, never half of one.
            await File.WriteAllTextAsync(path + ".new", JsonSerializer.Serialize(manifest, Json) + "\n", cancellation);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"'{output}' cannot be written ({e.Message.TrimEnd('.')}): name another folder with --out.", e);
        }
    }
}

/// <summary>The files of a data set: so many samples each, a line each, appended one by one.</summary>
internal sealed class SampleFiles(string folder, int samplesOfAFile)
{
    private readonly Dictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private int _samples;
    private long _promptTokens;
    private long _middleTokens;

    /// <summary>Counts the samples that are there; half a line at the end of a file, of a run that was killed, is cut off.</summary>
    /// <returns>Their ids.</returns>
    /// <exception cref="EvaluationException">A line is no sample.</exception>
    public IReadOnlySet<string> ReadWhatIsThere()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var file = PathOf(0); File.Exists(file); file = PathOf(_samples / samplesOfAFile))
        {
            var text = File.ReadAllText(file);
            var whole = text[..(text.LastIndexOf('\n') + 1)];
            if (whole.Length < text.Length)
            {
                File.WriteAllText(file, whole);
            }

            var before = _samples;
            foreach (var (number, line) in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
            {
                var sample =
                    Parse(line)
                    ?? throw new EvaluationException(
                        $"'{file}', line {number + 1}: this is no sample; remove the folder to begin it anew."
                    );
                ids.Add(sample.Id);
                Include(sample);
            }

            if (_samples == before || _samples % samplesOfAFile != 0)
            {
                break;
            }
        }

        return ids;
    }

    /// <exception cref="IOException">The disk is full, for instance.</exception>
    public void Add(TrainingSample sample)
    {
        File.AppendAllText(
            PathOf(_samples / samplesOfAFile),
            JsonSerializer.Serialize(sample, EvaluationReport.Json) + "\n",
            new UTF8Encoding(false)
        );
        Include(sample);
    }

    public DatasetCounts Count(int leftOut) =>
        new(
            _samples,
            (_samples + samplesOfAFile - 1) / samplesOfAFile,
            _promptTokens,
            _middleTokens,
            leftOut,
            _kinds.OrderBy(static kind => kind.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)
        );

    private void Include(TrainingSample sample)
    {
        _samples++;
        _promptTokens += sample.Prompt.Count;
        _middleTokens += sample.Middle.Count;
        _kinds[sample.Kind] = _kinds.GetValueOrDefault(sample.Kind) + 1;
    }

    private string PathOf(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"samples-{number:00000}.jsonl"));

    private static TrainingSample? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingSample>(line, EvaluationReport.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
