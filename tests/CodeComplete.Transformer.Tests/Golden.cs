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

    /// <summary>A prompt after which nothing is likelier than the end, and the text that it ends with.</summary>
    public (int[] PromptIds, string Text) Complete(int endToken)
    {
        var ended = Generations.First(g => g.GreedyIds[^1] == endToken);
        return ([.. ended.PromptIds, .. ended.GreedyIds[..^1]], ended.GreedyText);
    }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Options) + "\n");

    public sealed record Encoding(string Text, int[] Ids);

    public sealed record Continuation(string Prompt, int[] PromptIds, int[] GreedyIds, string GreedyText, double[][] FirstTop5);
}
