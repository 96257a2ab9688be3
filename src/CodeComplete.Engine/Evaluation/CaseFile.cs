using System.Text.Encodings.Web;
using System.Text.Json;

namespace CodeComplete.Engine.Evaluation;

/// <summary>Cases as JSON lines: <c>{"id","file","offset","groundtruth","kind"}</c>.</summary>
public static class CaseFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // Code stays readable; the file is no web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static string Format(EvaluationCase made) => JsonSerializer.Serialize(made, Options);

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Task WriteAsync(string path, IEnumerable<EvaluationCase> cases, CancellationToken cancellation) =>
        File.WriteAllTextAsync(path, string.Concat(cases.Select(made => Format(made) + "\n")), cancellation);

    /// <summary>Reads cases and checks each against its file.</summary>
    /// <param name="root">The evaluated folder.</param>
    /// <exception cref="CaseException">A line is no case, or its case does not fit; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyList<EvaluationCase>> ReadAsync(string path, string root, CancellationToken cancellation)
    {
        var cases = new List<EvaluationCase>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, line) in (await File.ReadAllLinesAsync(path, cancellation)).Index())
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                var read = Parse(line);
                read.Check(await ReadSourceAsync(read, root, cancellation));
                if (!ids.Add(read.Id))
                {
                    throw new CaseException($"case '{read.Id}' is there twice");
                }

                cases.Add(read);
            }
            catch (CaseException e)
            {
                throw new CaseException($"{Path.GetFileName(path)}, line {number + 1}: {e.Message}.", e);
            }
        }

        return cases;
    }

    /// <summary>The text of a case's file, as its offset counts it.</summary>
    /// <exception cref="CaseException">It is not there, cannot be read or lies outside of the folder.</exception>
    internal static async Task<string> ReadSourceAsync(EvaluationCase read, string root, CancellationToken cancellation)
    {
        if (read.File.Length == 0 || Path.IsPathRooted(read.File) || read.File.Split('/', '\\').Contains(".."))
        {
            throw new CaseException($"case '{read.Id}': '{read.File}' is no path relative to the evaluated folder");
        }

        try
        {
            return await File.ReadAllTextAsync(Path.Combine(root, read.File), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CaseException($"case '{read.Id}': {read.File} cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static EvaluationCase Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationCase>(line, Options) ?? throw new CaseException("there is no case");
        }
        catch (JsonException e)
        {
            throw new CaseException($"this is no case ({OneLine(e.Message)})", e);
        }
    }

    private static string OneLine(string message) => message.Split('\n')[0].Split(" LineNumber:")[0].TrimEnd('\r', '.', ' ');
}
