using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>What <c>--json</c> prints. <c>range</c> counts from 0 in UTF-16 units, as LSP does.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The output is a file or a pipe, never a web page: `<` and `'` stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private sealed record Ghost(string Text, TextRange Range, bool? Verified, double Probability, double Gate, double Ms);

    private sealed record Item(string Label, ItemKind Kind, bool Starred, string InsertText, string? Detail);

    private sealed record Report(Ghost? Ghost, string? Why, IReadOnlyList<Item> Items, StageTimings Timings, IReadOnlyList<string> Missing);

    public static Task WriteAsync(Stream output, MemoryReport report, CancellationToken cancellation) =>
        WriteAsync<MemoryReport>(output, report, cancellation);

    public static Task WriteAsync(
        Stream output,
        GhostAnswer ghost,
        CompletionAnswer list,
        StageTimings timings,
        IReadOnlyList<string> missing,
        CancellationToken cancellation
    )
    {
        var report = new Report(
            ghost.Ghost is { } g ? new Ghost(g.Text, g.Range, g.Verified, g.Probability, g.Gate, ghost.Timings.Total) : null,
            ghost.Why,
            [.. list.Items.Select(i => new Item(i.Label, i.Kind, i.Starred, i.InsertText, i.Description ?? i.LabelDetail))],
            timings,
            missing
        );
        return WriteAsync<Report>(output, report, cancellation);
    }

    private static async Task WriteAsync<T>(Stream output, T report, CancellationToken cancellation)
    {
        await JsonSerializer.SerializeAsync(output, report, Options, cancellation);
        await output.WriteAsync("\n"u8.ToArray(), cancellation);
    }
}
