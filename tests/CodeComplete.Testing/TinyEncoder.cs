using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CodeComplete.Testing;

/// <summary>
/// An encoder beside a <see cref="TinyModel"/>'s tokenizer, made by the tests: a text's vector is the weighted sum of its tokens' rows, brought to
/// length one. It has no layers; what they do is tested with the shipped one and in Python.
/// </summary>
public sealed record TinyEncoder
{
    public const int Width = 32;

    /// <summary>Tokens that are read of a text at most.</summary>
    public int Tokens { get; init; } = 8;

    /// <summary>What a query's tokens count, the last one's first.</summary>
    public IReadOnlyList<float> QueryWeights { get; init; } = [1, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f];

    /// <summary>Tokens that are passed over.</summary>
    public IReadOnlyList<int> LeftOut { get; init; } = [];

    /// <summary>Which vectors: another number, another encoder.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A factor that its vectors come out with; a damaged one's is not 1.</summary>
    public float Length { get; init; } = 1;

    /// <summary>The numbers of a token, not yet of length one.</summary>
    public float[] Row(int token)
    {
        var random = new Random((Seed * 1000) + token);
        return [.. Enumerable.Range(0, Width).Select(_ => (float)random.Next(-3, 4))];
    }

    /// <summary>Writes encoder.onnx and encoder.json.</summary>
    /// <param name="folder">Has the model's tokenizer.json already.</param>
    public void Export(string folder, TinyModel model)
    {
        var graph = new OnnxWriter();
        graph.Input("input_ids", OnnxWriter.Int64, "texts", "tokens");
        graph.Input("weights", OnnxWriter.Float, "texts", "tokens");
        float[] table = [.. Enumerable.Range(0, model.Tokens).SelectMany(Row)];
        var rows = graph.Node("Gather", [graph.Weights("table", table, model.Tokens, Width), "input_ids"]);
        var weights = graph.Node("Unsqueeze", ["weights", graph.Constant("last", -1)]);
        var sum = graph.Node("ReduceSum", [graph.Node("Mul", [rows, weights]), graph.Constant("one", 1)], ("keepdims", 0));
        var square = graph.Node("ReduceSum", [graph.Node("Mul", [sum, sum]), "last"], ("keepdims", 1));
        var length = graph.Node("Sqrt", [graph.Node("Max", [square, graph.Weights("least", [1e-9f], 1)])]);
        graph.Node("Mul", [graph.Node("Div", [sum, length]), graph.Weights("length", [Length], 1)], ["embedding"]);
        graph.Output("embedding", OnnxWriter.Float, "texts", Width);
        graph.Write(folder, "encoder.onnx");
        var about = new JsonObject
        {
            ["width"] = Width,
            ["tokens"] = Tokens,
            ["query_weights"] = new JsonArray([.. QueryWeights.Select(static w => (JsonNode)w)]),
            ["left_out"] = new JsonArray([.. LeftOut.Select(static id => (JsonNode)id)]),
            ["tokenizer"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json"))))[..16],
        };
        File.WriteAllText(Path.Combine(folder, "encoder.json"), about.ToJsonString());
    }
}
