using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary><c>golden.json</c> beside the model: what the reference implementation gave.</summary>
internal sealed record Golden(IReadOnlyList<Golden.Encoding> Encodings, IReadOnlyList<Golden.Continuation> Generations)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Golden Read() =>
        JsonSerializer.Deserialize<Golden>(File.ReadAllText(Path.Combine(Repository.Model, "golden.json")), Options)!;

    public sealed record Encoding(string Text, int[] Ids);

    public sealed record Continuation(string Prompt, int[] PromptIds, int[] GreedyIds, string GreedyText, double[][] FirstTop5);
}
