using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>A decoder's measures, as <c>config.json</c> or ONNX Runtime GenAI's <c>genai_config.json</c> gives them.</summary>
/// <param name="File">The name of the file that gave them.</param>
/// <param name="Vocabulary">Rows of the embedding, and logits a position.</param>
/// <param name="Positions">Positions that it was trained for.</param>
internal sealed record ModelShape(string File, int Vocabulary, int Layers, int KeyValueHeads, int HeadSize, int Positions)
{
    private const string Config = "config.json";
    private const string GenAI = "genai_config.json";

    /// <exception cref="ModelException">There is neither file, or the one that is there is broken.</exception>
    public static ModelShape Read(string folder) =>
        !System.IO.File.Exists(Path.Combine(folder, Config)) && System.IO.File.Exists(Path.Combine(folder, GenAI))
            ? ReadGenAI(folder)
            : ReadConfig(folder);

    private static ModelShape ReadConfig(string folder)
    {
        using var file = JsonFile.Open(folder, Config);
        var heads = file.Positive("num_attention_heads");
        var hidden = file.Positive("hidden_size");
        return new ModelShape(
            Config,
            file.Positive("vocab_size"),
            file.Positive("num_hidden_layers"),
            Given(file.Root, "num_key_value_heads") ? file.Positive("num_key_value_heads") : heads,
            Given(file.Root, "head_dim") ? file.Positive("head_dim") : hidden / heads,
            file.Positive("max_position_embeddings")
        );
    }

    private static ModelShape ReadGenAI(string folder)
    {
        using var file = JsonFile.Open(folder, GenAI);
        var model = file.Member("model", JsonValueKind.Object);
        var decoder = file.Member("decoder", JsonValueKind.Object, model);
        return new ModelShape(
            GenAI,
            file.Positive("vocab_size", model),
            file.Positive("num_hidden_layers", decoder),
            file.Positive("num_key_value_heads", decoder),
            file.Positive("head_size", decoder),
            file.Positive("context_length", model)
        );
    }

    private static bool Given(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
