using System.Text;
using System.Text.Json;

namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// Writes a report case by case, a line each. After each the file is whole JSON, so it can be read while the run goes on; a run that was killed
/// while it wrote loses one case at most.
/// </summary>
internal sealed class ReportWriter : IDisposable
{
    private readonly FileStream _file;
    private long _tail;
    private bool _any;

    private ReportWriter(FileStream file) => _file = file;

    /// <summary>Begins the report, or takes it up again with the cases that are there.</summary>
    /// <exception cref="EvaluationException">The file cannot be written, or another run writes it.</exception>
    public static ReportWriter Open(string path, EvaluationSettings settings, IEnumerable<CaseResult> done)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // One run a report. .NET's lock on Unix is advisory, so a person can read it meanwhile.
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
            var writer = new ReportWriter(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share));
            writer.Put($"{{\"settings\":{Json(settings)},\n\"cases\":[\n");
            foreach (var result in done)
            {
                writer.Put(Line(result, ref writer._any));
            }

            writer.End(summary: null);
            return writer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"'{path}' cannot be written ({e.Message.TrimEnd('.')}): name another --report.", e);
        }
    }

    /// <exception cref="IOException">The disk is full, for instance.</exception>
    public void Add(CaseResult result)
    {
        Put(Line(result, ref _any));
        End(summary: null);
    }

    /// <exception cref="IOException">The disk is full, for instance.</exception>
    public void Finish(EvaluationSummary summary) => End(summary);

    public void Dispose() => _file.Dispose();

    private static string Line(CaseResult result, ref bool any)
    {
        var line = (any ? ",\n" : "") + Json(result);
        any = true;
        return line;
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, EvaluationReport.Json);

    private void Put(string text)
    {
        _file.Position = _tail;
        _file.Write(Encoding.UTF8.GetBytes(text));
        _tail = _file.Position;
    }

    private void End(EvaluationSummary? summary)
    {
        _file.Position = _tail;
        _file.Write(Encoding.UTF8.GetBytes($"\n],\n\"summary\":{(summary is null ? "null" : Json(summary))}}}\n"));
        _file.SetLength(_file.Position);
        _file.Flush();
    }
}
