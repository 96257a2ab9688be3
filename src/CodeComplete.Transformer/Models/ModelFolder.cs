using System.Globalization;

namespace CodeComplete.Transformer;

/// <summary>
/// A model folder that was looked through and found whole: configuration, prompt format, tokenizer, graphs, and weight files as long as
/// the graphs ask for. Nothing of it is loaded yet.
/// </summary>
public sealed record ModelFolder
{
    /// <summary>For CPUs; the only graph a folder must have.</summary>
    internal const string CpuGraph = "model.onnx";

    /// <summary>For x64 CPUs without VNNI, where 8-bit sums would overflow.</summary>
    internal const string Avx2Graph = "model.avx2.onnx";

    /// <summary>fp16, for every other execution provider.</summary>
    internal const string GpuGraph = "model.gpu.onnx";

    private ModelFolder() { }

    /// <summary>The folder's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The folder's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Rows of the embedding, and logits a position.</summary>
    public required int VocabularySize { get; init; }

    public required int Layers { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>Positions the graphs can tell apart.</summary>
    public required int MaxPositions { get; init; }

    public required PromptFormat Prompt { get; init; }

    /// <summary>Names the tokenizer: token ids kept elsewhere are worthless once it changes. 16 hexadecimal digits.</summary>
    public string TokenizerId => Tokenizer.Id;

    internal TokenizerFile Tokenizer { get; private init; } = null!;

    internal IReadOnlySet<string> Graphs { get; private init; } = null!;

    /// <exception cref="ModelException">Something is missing, broken, or does not fit the rest.</exception>
    public static ModelFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(path))
        {
            throw new ModelException(
                $"The model folder '{path}' does not exist: name one that holds {CpuGraph}, or leave the setting out."
            );
        }

        using var config = JsonFile.Open(path, "config.json");
        var heads = config.Positive("num_attention_heads");
        var hidden = config.Positive("hidden_size");
        var prompt = PromptFormat.Read(path);
        var tokenizer = TokenizerFile.Read(path);
        var graphs = ReadGraphs(path);
        var main = graphs[CpuGraph];
        var folder = new ModelFolder
        {
            Path = path,
            Name = System.IO.Path.GetFileName(path),
            VocabularySize = config.Positive("vocab_size"),
            Layers = config.Positive("num_hidden_layers"),
            KeyValueHeads = config.Root.TryGetProperty("num_key_value_heads", out _) ? config.Positive("num_key_value_heads") : heads,
            HeadSize = config.Root.TryGetProperty("head_dim", out _) ? config.Positive("head_dim") : hidden / heads,
            MaxPositions = (int)Math.Min(config.Positive("max_position_embeddings"), main.Positions ?? int.MaxValue),
            Prompt = prompt,
            Tokenizer = tokenizer,
            Graphs = graphs.Keys.ToHashSet(),
        };
        foreach (var (name, graph) in graphs)
        {
            folder.CheckGraph(name, graph);
        }

        folder.CheckTokens();
        return folder;
    }

    private static Dictionary<string, OnnxGraph> ReadGraphs(string path)
    {
        var graphs = new Dictionary<string, OnnxGraph>();
        foreach (var name in new[] { CpuGraph, Avx2Graph, GpuGraph })
        {
            var file = System.IO.Path.Combine(path, name);
            if (File.Exists(file))
            {
                graphs[name] = OnnxGraph.Read(file);
            }
            else if (name == CpuGraph)
            {
                throw new ModelException($"'{file}' is missing: copy the whole model folder again, or name another one.");
            }
        }

        return graphs;
    }

    private void CheckGraph(string name, OnnxGraph graph)
    {
        var file = System.IO.Path.Combine(Path, name);
        foreach (var (weights, needed) in graph.WeightFiles)
        {
            var info = new FileInfo(System.IO.Path.Combine(Path, weights));
            if (!info.Exists)
            {
                throw new ModelException($"'{info.FullName}' is missing, and {name} needs it: copy the whole model folder again.");
            }

            // FileInfo.Length is the link's own length where the file is a symbolic link.
            using var handle = File.OpenHandle(info.FullName);
            var length = RandomAccess.GetLength(handle);
            if (length < needed)
            {
                throw new ModelException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"'{info.FullName}' is cut short, {length:N0} of the {needed:N0} bytes that {name} needs: copy it again (with git lfs pull, if it came by Git LFS)."
                    )
                );
            }
        }

        string[] needs = ["input_ids", "attention_mask", "num_logits_to_keep"];
        foreach (var input in needs.Concat(Caches("past_key_values")))
        {
            if (!graph.Inputs.ContainsKey(input))
            {
                throw Unfit(file, $"it has no input '{input}'");
            }
        }

        foreach (var output in Caches("present").Append("logits"))
        {
            if (!graph.Outputs.ContainsKey(output))
            {
                throw Unfit(file, $"it has no output '{output}'");
            }
        }

        // [batch, heads, positions, size]
        var cache = graph.Inputs["past_key_values.0.key"];
        if (cache.Length != 4 || Differs(cache[1], KeyValueHeads) || Differs(cache[3], HeadSize))
        {
            throw Unfit(file, "its key/value heads are not those of config.json");
        }

        if (graph.Inputs.ContainsKey($"past_key_values.{Layers}.key"))
        {
            throw Unfit(file, $"it has more layers than config.json's {Layers}");
        }

        var logits = graph.Outputs["logits"];
        if (logits.Length != 3 || Differs(logits[2], VocabularySize))
        {
            throw Unfit(file, $"its logits are not config.json's vocab_size of {VocabularySize}");
        }

        static bool Differs(long dimension, int expected) => dimension >= 0 && dimension != expected;
    }

    private IEnumerable<string> Caches(string prefix)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            yield return $"{prefix}.{layer}.key";
            yield return $"{prefix}.{layer}.value";
        }
    }

    private static ModelException Unfit(string file, string why) =>
        new($"'{file}' does not fit its folder, {why}: copy the whole model folder again, or export the graph anew.");

    private void CheckTokens()
    {
        if (Tokenizer.Count > VocabularySize)
        {
            throw new ModelException(
                $"'{Tokenizer.Path}' does not fit the weights, it has {Tokenizer.Count} tokens and they have {VocabularySize}: use the tokenizer that came with the model."
            );
        }

        string[] roles = [Prompt.File, Prompt.Snippet, Prompt.Suffix, Prompt.Prefix, Prompt.End, Prompt.EndOfText];
        if (roles.FirstOrDefault(role => Tokenizer.Special.All(t => t.Text != role)) is { } missing)
        {
            throw new ModelException(
                $"'{Tokenizer.Path}' has no special token '{missing}', which prompt.json names: use the tokenizer that came with the model."
            );
        }
    }
}
