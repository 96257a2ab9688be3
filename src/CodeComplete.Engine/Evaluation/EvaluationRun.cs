using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine.Startup;

namespace CodeComplete.Engine.Evaluation;

/// <summary><c>codecomplete eval</c>: cases of a folder through the whole engine, into a report.</summary>
public static class EvaluationRun
{
    /// <summary>
    /// Runs the cases that the report does not have yet, each written as it ends. A report that has them all is only read.
    /// </summary>
    /// <param name="report">Its file, absolute.</param>
    /// <param name="version">The product's.</param>
    /// <param name="progress">Told in words how far it has come, and how long it will take.</param>
    /// <exception cref="CaseException">A case does not fit its file, the engine did not get ready, or there is no model.</exception>
    /// <exception cref="EvaluationException">The report cannot be written, or is one of other settings.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the cases that ended are in the report.</exception>
    public static async Task<EvaluationReport> RunAsync(
        EvaluatedFolderOptions options,
        CaseSelection selection,
        string report,
        string version,
        Action<string> progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(progress);
        // A file that is none of ours, or of another choice, is found before minutes are spent.
        if (EvaluationReport.TryRead(report, out var begun))
        {
            var theirs = begun.Settings;
            RefuseOther(
                theirs,
                SettingsOf(options, selection, version, theirs.CasesHash, (theirs.Model, theirs.ModelHash, theirs.Graph, theirs.Provider)),
                report,
                "--report"
            );
        }

        await using var folder = EvaluatedFolder.Start(options);
        progress("Loading the projects, the model and the index");
        var cases = await folder.CasesAsync(selection, cancellation);
        var model = await folder.Engine.WhenModelLoaded ?? throw NoModel(folder.Engine);
        var settings = SettingsOf(
            options,
            selection,
            version,
            HashOf(cases),
            (model.Name, ModelHash(options.Settings), model.Graph, model.Provider)
        );
        if (begun is not null)
        {
            RefuseOther(begun.Settings, settings, report, "--report");
            if (begun.Summary is not null)
            {
                return begun;
            }
        }

        var done = begun?.Cases ?? [];
        using var writer = ReportWriter.Open(report, settings, done);
        progress("Reading the code into a memory of its own");
        await folder.ReadAsync(cancellation);
        var ended = done.ToList();
        var known = ended.Select(static result => result.Id).ToHashSet(StringComparer.Ordinal);
        var left = cases.Where(made => !known.Contains(made.Id)).ToList();
        var time = new TimeLeft(left.Count);
        foreach (var made in left)
        {
            progress($"{ended.Count} of {cases.Count} cases{time}");
            var result = await folder.Runner.EvaluateAsync(made, cancellation);
            writer.Add(result);
            ended.Add(result);
            time.Done();
        }

        var summary = EvaluationSummary.Of(ended);
        writer.Finish(summary);
        return new EvaluationReport(settings, ended, summary);
    }

    /// <summary>The first setting in which what is there differs ends the run: a mixture of two kinds would mean nothing.</summary>
    /// <param name="option">That names another place.</param>
    internal static void RefuseOther<T>(T theirs, T ours, string path, string option)
    {
        var (before, now) = (Properties(theirs), Properties(ours));
        foreach (var (name, value) in now)
        {
            if (JsonNode.DeepEquals(before[name], value))
            {
                continue;
            }

            var difference = name switch
            {
                "build" => "by another build of codecomplete",
                "casesHash" => "with other cases, since files have changed",
                "modelHash" => "with another model of the same name",
                _ => $"with {name} {Written(before[name])}, and this run has {Written(value)}",
            };
            throw new EvaluationException(
                $"'{path}' was made {difference}: name another place with {option}, or remove that one to begin it anew."
            );
        }

        static JsonObject Properties(T settings) => JsonSerializer.SerializeToNode(settings, EvaluationReport.Json)!.AsObject();

        static string Written(JsonNode? value) =>
            value switch
            {
                null => "none",
                JsonArray list => string.Join(',', list.Select(static one => one!.ToString())),
                _ => value.ToString(),
            };
    }

    private static EvaluationSettings SettingsOf(
        EvaluatedFolderOptions options,
        CaseSelection selection,
        string version,
        string casesHash,
        (string Name, string Hash, string Graph, string Provider) model
    )
    {
        var drawn = selection.File is null;
        return new EvaluationSettings
        {
            Folder = Path.GetFileName(options.Folder),
            Cases = selection.Count,
            Seed = drawn ? selection.Seed : null,
            Kinds = drawn ? selection.Kinds : null,
            CasesFile = drawn ? null : Path.GetFileName(selection.File),
            CasesHash = casesHash,
            Model = model.Name,
            ModelHash = model.Hash,
            Graph = model.Graph,
            Provider = model.Provider,
            Memory = options.Settings.MemoryEnabled,
            Version = version,
            Build = Build,
        };
    }

    /// <summary>Of all that the model's folder holds, without what is only written for people.</summary>
    internal static string ModelHash(EngineSettings settings)
    {
        var path = ModelLocator.Find(settings.Model);
        return HashOf(
            Directory
                .EnumerateFiles(path)
                .Where(static file => !file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes)
        );
    }

    internal static EvaluationException NoModel(CompletionEngine engine) =>
        new(
            engine.Notices.LastOrDefault(static notice => notice.Level == NoticeLevel.Error)?.Message
                ?? "There is no model: see what `codecomplete doctor` says."
        );

    /// <summary>Changes with each change of the product's code.</summary>
    internal static string Build { get; } =
        HashOf(
            new[]
            {
                typeof(EvaluationRun),
                typeof(Analysis.CodeWorkspace),
                typeof(Memory.ProjectMemory),
                typeof(Transformer.CodeTokenizer),
            }.Select(static type => type.Assembly.ManifestModule.ModuleVersionId.ToByteArray())
        );

    internal static string HashOf(IEnumerable<EvaluationCase> cases) =>
        HashOf(cases.Select(static made => Encoding.UTF8.GetBytes(CaseFile.Format(made) + "\n")));

    private static string HashOf(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}

/// <summary>How long a loop still takes if it goes on as it went.</summary>
internal sealed class TimeLeft(int count)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _done;

    public int Ended => _done;

    public void Done() => _done++;

    /// <summary>As a clause that begins with a comma; empty as long as nothing is known.</summary>
    public override string ToString()
    {
        if (_done == 0)
        {
            return "";
        }

        var left = Stopwatch.GetElapsedTime(_began) / _done * (count - _done);
        return left >= TimeSpan.FromMinutes(100) ? $", {left.TotalHours:0.0} h left"
            : left >= TimeSpan.FromSeconds(100) ? $", {left.TotalMinutes:0} min left"
            : $", {left.TotalSeconds:0} s left";
    }
}
