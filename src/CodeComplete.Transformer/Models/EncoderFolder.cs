using System.Security.Cryptography;
using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>
/// What a model folder has for making vectors, looked through and found to fit: <c>encoder.json</c> and <c>encoder.onnx</c>, as
/// <c>models/training/encoder.py</c> writes them. The weights lie in the graph. Nothing of it is loaded yet.
/// </summary>
internal sealed record EncoderFolder
{
    public const string Graph = "encoder.onnx";
    public const string About = "encoder.json";

    /// <summary>Tokens, [texts, tokens], int64.</summary>
    public const string Ids = "input_ids";

    /// <summary>What each token counts, [texts, tokens], float32; 0 for padding.</summary>
    public const string Weights = "weights";

    /// <summary>[texts, <see cref="Width"/>], float32, rows of length one, or zeros where a text has no token.</summary>
    public const string Embedding = "embedding";

    private EncoderFolder() { }

    /// <summary>The graph's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Names the vectors it makes: 16 hexadecimal digits of the hash of both files.</summary>
    public required string Id { get; init; }

    /// <summary>Numbers in a vector.</summary>
    public required int Width { get; init; }

    /// <summary>Tokens that are read of a text at most.</summary>
    public required int Tokens { get; init; }

    /// <summary>What a query's tokens count, the last one's first; <see cref="Tokens"/> of them.</summary>
    public required float[] QueryWeights { get; init; }

    /// <summary>Tokens that are passed over.</summary>
    public required IReadOnlySet<int> LeftOut { get; init; }

    /// <exception cref="ModelException">A file is missing, broken, or does not fit the tokenizer.</exception>
    public static EncoderFolder Open(PromptFolder folder)
    {
        using var about = JsonFile.Open(folder.Path, About);
        if (about.Text("tokenizer") != folder.TokenizerId)
        {
            throw new ModelException(
                $"'{about.Path}' is of an encoder for another tokenizer than '{folder.Tokenizer.Path}': take both from one model folder, or train the encoder again."
            );
        }

        var tokens = about.Positive("tokens");
        var weights = Numbers(about, "query_weights");
        if (weights.Length != tokens || weights.Any(static w => !float.IsFinite(w) || w < 0))
        {
            throw about.Bad($"'query_weights' are not {tokens} numbers from 0");
        }

        var path = System.IO.Path.Combine(folder.Path, Graph);
        if (!File.Exists(path))
        {
            throw new ModelException($"'{path}' is missing, and {About} stands beside it: copy the whole model folder again.");
        }

        var width = about.Positive("width");
        CheckGraph(path, width);
        return new EncoderFolder
        {
            Path = path,
            Id = Hash(about.Path, path),
            Width = width,
            Tokens = tokens,
            QueryWeights = weights,
            LeftOut = Numbers(about, "left_out").Select(static id => (int)id).ToHashSet(),
        };
    }

    private static float[] Numbers(JsonFile file, string name) =>
        [
            .. file.Member(name, JsonValueKind.Array)
                .EnumerateArray()
                .Select(e => e.ValueKind == JsonValueKind.Number ? e.GetSingle() : throw file.Bad($"'{name}' is not a list of numbers")),
        ];

    private static void CheckGraph(string path, int width)
    {
        var graph = OnnxGraph.Read(path);
        Check(graph.Inputs, Ids, OnnxValue.Int64, size: null);
        Check(graph.Inputs, Weights, OnnxValue.Float, size: null);
        Check(graph.Outputs, Embedding, OnnxValue.Float, width);
        if (graph.Inputs.Keys.FirstOrDefault(static input => input is not (Ids or Weights)) is { } other)
        {
            throw Unfit($"it has an input '{other}'");
        }

        void Check(Dictionary<string, OnnxValue> values, string name, int element, long? size)
        {
            if (
                !values.TryGetValue(name, out var value)
                || value.Element != element
                || value.Shape.Length != 2
                || (size is not null && value.Shape[1] != size)
            )
            {
                throw Unfit($"its '{name}' is missing or not as {About} and models/training/encoder.py say");
            }
        }

        ModelException Unfit(string why) =>
            new($"'{path}' does not fit its folder, {why}: copy the whole model folder again, or export the encoder anew.");
    }

    private static string Hash(params ReadOnlySpan<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
