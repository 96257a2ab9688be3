using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeComplete.Engine.Evaluation;

/// <summary>What a run was made with. Two runs with the same settings ask the same.</summary>
public sealed record EvaluationSettings
{
    /// <summary>The evaluated folder's name.</summary>
    public required string Folder { get; init; }

    /// <summary>How many cases were asked for; <see langword="null"/>: all of the file.</summary>
    public int? Cases { get; init; }

    /// <summary><see langword="null"/> where the cases come from a file.</summary>
    public int? Seed { get; init; }

    /// <inheritdoc cref="Seed"/>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>The name of the file of cases; <see langword="null"/> where they are drawn.</summary>
    public string? CasesFile { get; init; }

    /// <summary>A hash of the cases themselves: it changes with the folder's files.</summary>
    public required string CasesHash { get; init; }

    public required string Model { get; init; }

    /// <summary>A hash of the model folder's files.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The graph that ran.</summary>
    public required string Graph { get; init; }

    /// <summary>The execution provider that ran.</summary>
    public required string Provider { get; init; }

    public required bool Memory { get; init; }

    /// <summary>Of the product.</summary>
    public required string Version { get; init; }

    /// <summary>A hash of the product's assemblies: results of two builds do not belong into one report.</summary>
    public required string Build { get; init; }
}

/// <summary>The report of <c>codecomplete eval</c>, as JSON: <c>{"settings","cases":[...],"summary"}</c>.</summary>
/// <param name="Cases">In the order in which they ended.</param>
/// <param name="Summary"><see langword="null"/> until all cases have ended.</param>
public sealed record EvaluationReport(EvaluationSettings Settings, IReadOnlyList<CaseResult> Cases, EvaluationSummary? Summary)
{
    internal static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            // Code stays readable; the file is no web page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            Converters = { new RoundedNumbers() },
        };

    /// <exception cref="EvaluationException">The file cannot be read, or is no such report.</exception>
    public static EvaluationReport Read(string path) =>
        TryRead(path, out var report) ? report : throw new EvaluationException($"There is no report '{path}': check the path.");

    /// <summary>Of a run that was killed while it wrote a case, the cases before count.</summary>
    /// <returns><see langword="false"/> where there is no such file.</returns>
    /// <exception cref="EvaluationException">The file cannot be read, or is no such report.</exception>
    internal static bool TryRead(string path, [NotNullWhen(true)] out EvaluationReport? report)
    {
        report = null;
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}).", e);
        }

        report =
            (Parsed<EvaluationReport>(text) ?? Begun(text))
            ?? throw new EvaluationException($"'{path}' is no report of `codecomplete eval`: name another file, or make it again.");
        return true;
    }

    private static EvaluationReport? Begun(string text)
    {
        var lines = text.Split('\n');
        var first = lines[0].TrimEnd('\r', ',');
        if (Parsed<Head>(first + "}") is not { } head)
        {
            return null;
        }

        var cases = new List<CaseResult>();
        foreach (var line in lines.Skip(2))
        {
            if (Parsed<CaseResult>(line.TrimEnd('\r', ',')) is not { } read)
            {
                break;
            }

            cases.Add(read);
        }

        return new EvaluationReport(head.Settings, cases, Summary: null);
    }

    private static T? Parsed<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Head(EvaluationSettings Settings);

    /// <summary>More digits than anyone measures only make the file long.</summary>
    private sealed class RoundedNumbers : JsonConverter<double>
    {
        private const int Digits = 4;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value, Digits));
    }
}

/// <summary>A run of <c>codecomplete eval</c> or <c>codecomplete dataset</c> cannot begin or go on. The message is one line that says what to do.</summary>
public sealed class EvaluationException : Exception
{
    public EvaluationException() { }

    public EvaluationException(string message)
        : base(message) { }

    public EvaluationException(string message, Exception innerException)
        : base(message, innerException) { }
}
