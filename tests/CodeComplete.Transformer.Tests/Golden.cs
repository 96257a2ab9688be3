using System.Text.Encodings.Web;
using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>
/// <c>golden.json</c> beside the model: what the reference implementation gave. Vnni: it ran on a CPU with 8-bit dot products, whose sums any such
/// CPU gives again to the bit.
/// </summary>
internal sealed record Golden(
    IReadOnlyList<Golden.Encoding> Encodings,
    IReadOnlyList<Golden.Continuation> Generations,
    string Note,
    bool Vnni
)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether this CPU must give the very numbers; elsewhere near ties may fall otherwise.</summary>
    public bool IsExactHere => Vnni && CpuFeatures.Has8BitDotProducts;

    public static Golden Read() =>
        JsonSerializer.Deserialize<Golden>(File.ReadAllText(Path.Combine(Repository.Model, "golden.json")), Options)!;

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Options) + "\n");

    public sealed record Encoding(string Text, int[] Ids);

    public sealed record Continuation(string Prompt, int[] PromptIds, int[] GreedyIds, string GreedyText, double[][] FirstTop5);
}
