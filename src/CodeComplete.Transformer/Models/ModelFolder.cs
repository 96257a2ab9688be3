using System.Globalization;

namespace CodeComplete.Transformer;

/// <summary>
/// A model folder that was looked through and found whole: configuration, prompt format, tokenizer, graphs, and weight files as long as
/// the graphs ask for. Nothing of it is loaded yet. Inputs and outputs have ONNX Runtime GenAI's names; docs/models.md says what else a
/// folder of one's own must hold.
/// </summary>
public sealed record ModelFolder
{
    /// <summary>For CPUs; the only graph a folder must have.</summary>
    internal const string CpuGraph = "model.onnx";

    /// <summary>For x64 CPUs without VNNI, where 8-bit sums would overflow.</summary>
    internal const string Avx2Graph = "model.avx2.onnx";

    /// <summary>fp16, for every other execution provider.</summary>
    internal const string GpuGraph = "model.gpu.onnx";

    /// <summary>For <see cref="AttentionReader"/>: attention as outputs besides. Right on every CPU.</summary>
    internal const string ExplainGraph = "model.explain.onnx";

    internal const string Ids = "input_ids";
    internal const string Mask = "attention_mask";

    /// <summary>Where each token stands, [1, tokens]; GenAI's graphs have it or work it out from the mask.</summary>
    internal const string Positions = "position_ids";

    /// <summary>How many of the last rows get logits, [1]; only our own graphs have it, the others give all rows.</summary>
    internal const string RowsToKeep = "num_logits_to_keep";

    internal const string LogitsOutput = "logits";

    /// <summary>A tokenizer with less of the weights' tokens than this is another model's: no export pads its embedding so much.</summary>
    private const double LeastShareOfTokens = 0.75;

    private ModelFolder() { }

    /// <summary>The folder's absolute path.</summary>
    public string Path => Text.Path;

    /// <summary>The folder's own name.</summary>
    public string Name => Text.Name;

    /// <summary>Rows of the embedding, and logits a position.</summary>
    public required int VocabularySize { get; init; }

    public required int Layers { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>Positions the graphs can tell apart.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>The prompt's layout and the tokenizer.</summary>
    public required PromptFolder Text { get; init; }

    public PromptFormat Prompt => Text.Prompt;

    /// <summary>
    /// Whether a graph reads a thousand tokens in about half a second where it was chosen: on a GPU, or 8-bit products on a CPU with VNNI. A graph for
    /// CPUs without tells that the weights are such products.
    /// </summary>
    public bool ReadsFast(string graph) => graph == GpuGraph || (graph == CpuGraph && Graphs.ContainsKey(Avx2Graph));

    /// <inheritdoc cref="PromptFolder.TokenizerId"/>
    public string TokenizerId => Text.TokenizerId;

    internal IReadOnlyDictionary<string, OnnxGraph> Graphs { get; private init; } = null!;

    /// <summary>The configuration's file name, for messages.</summary>
    private string Config { get; init; } = "";

    /// <exception cref="ModelException">Something is missing, broken, or does not fit the rest.</exception>
    public static ModelFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var text = PromptFolder.Open(path);
        var shape = ModelShape.Read(text.Path);
        var graphs = ReadGraphs(text.Path);
        var folder = new ModelFolder
        {
            Text = text,
            VocabularySize = shape.Vocabulary,
            Layers = shape.Layers,
            KeyValueHeads = shape.KeyValueHeads,
            HeadSize = shape.HeadSize,
            MaxPositions = (int)Math.Min(shape.Positions, graphs[CpuGraph].Positions ?? int.MaxValue),
            Graphs = graphs,
            Config = shape.File,
        };
        foreach (var (name, graph) in graphs)
        {
            folder.Check(name, graph);
        }

        folder.CheckBudgets();
        return folder;
    }

    /// <summary>The folder with the graph that gives attention, which is looked at only where somebody asks for it.</summary>
    /// <exception cref="ModelException">It is missing, broken, or does not fit the rest.</exception>
    internal ModelFolder WithExplainGraph()
    {
        var file = System.IO.Path.Combine(Path, ExplainGraph);
        if (!File.Exists(file))
        {
            throw new ModelException($"'{file}' is missing, and no other graph gives attention (docs/models.md).");
        }

        var graph = OnnxGraph.Read(file);
        Check(ExplainGraph, graph);
        for (var layer = 0; layer < Layers; layer++)
        {
            // [batch, heads, rows, positions]
            if (
                !graph.Outputs.TryGetValue(AttentionOutput.NameOf(layer), out var attention)
                || attention is not { Element: OnnxValue.Float, Shape: [_, > 0, _, _] }
            )
            {
                throw Unfit(file, $"its '{AttentionOutput.NameOf(layer)}' is missing or not [batch, heads, rows, positions] in float32");
            }
        }

        return this with
        {
            Graphs = new Dictionary<string, OnnxGraph>(Graphs) { [ExplainGraph] = graph },
        };
    }

    /// <summary>The attention heads of each layer of <see cref="ExplainGraph"/>.</summary>
    internal IReadOnlyList<int> AttentionHeads =>
        [.. Enumerable.Range(0, Layers).Select(layer => (int)Graphs[ExplainGraph].Outputs[AttentionOutput.NameOf(layer)].Shape[1])];

    /// <summary>What a graph keeps between calls, layer by layer, keys before values.</summary>
    internal IReadOnlyList<CacheTensors> CachesOf(string graph)
    {
        var inputs = Graphs[graph].Inputs;
        return
        [
            .. Caches("past_key_values")
                .Zip(Caches("present"))
                .Select(c =>
                {
                    var shape = inputs[c.First].Shape;
                    return new CacheTensors(
                        c.First,
                        c.Second,
                        shape[1] >= 0 ? (int)shape[1] : KeyValueHeads,
                        shape[3] >= 0 ? (int)shape[3] : HeadSize
                    );
                }),
        ];
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

    private void Check(string name, OnnxGraph graph)
    {
        CheckWeights(name, graph);
        CheckInputs(System.IO.Path.Combine(Path, name), graph);
        CheckOutputs(System.IO.Path.Combine(Path, name), graph);
    }

    private void CheckWeights(string name, OnnxGraph graph)
    {
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
    }

    private void CheckInputs(string file, OnnxGraph graph)
    {
        string[] caches = [.. Caches("past_key_values")];
        foreach (var input in caches.Prepend(Mask).Prepend(Ids))
        {
            if (!graph.Inputs.ContainsKey(input))
            {
                throw Unfit(file, $"it has no input '{input}'");
            }
        }

        if (graph.Inputs.ContainsKey($"past_key_values.{Layers}.key"))
        {
            throw Unfit(file, $"it has more layers than {Config}'s {Layers}");
        }

        foreach (var (input, value) in graph.Inputs.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            var isCache = caches.Contains(input, StringComparer.Ordinal);
            if (!isCache && input is not (Ids or Mask or Positions or RowsToKeep))
            {
                throw Unfit(file, $"it has an input '{input}' that no decoder in ONNX Runtime GenAI's naming has");
            }

            if (isCache && value.Element is not (OnnxValue.Float or OnnxValue.Float16))
            {
                throw Unfit(file, $"its '{input}' is neither float32 nor float16");
            }

            if (!isCache && value.Element != OnnxValue.Int64)
            {
                throw Unfit(file, $"its '{input}' is not int64");
            }

            if (isCache && value.Shape.Length != 4)
            {
                throw Unfit(file, $"its '{input}' is not [batch, heads, positions, size]");
            }
        }

        if (caches.Any(c => graph.Inputs[c].Element != graph.Inputs[caches[0]].Element))
        {
            throw Unfit(file, "its keys and values are partly float32 and partly float16");
        }

        // [batch, heads, positions, size]
        var cache = graph.Inputs[caches[0]].Shape;
        if (Differs(cache[1], KeyValueHeads) || Differs(cache[3], HeadSize))
        {
            throw Unfit(file, $"its key/value heads are not those of {Config}");
        }
    }

    private void CheckOutputs(string file, OnnxGraph graph)
    {
        foreach (var output in Caches("present").Append(LogitsOutput))
        {
            if (!graph.Outputs.ContainsKey(output))
            {
                throw Unfit(file, $"it has no output '{output}'");
            }
        }

        // [batch, rows, vocabulary]
        var logits = graph.Outputs[LogitsOutput];
        if (logits.Shape.Length != 3 || Differs(logits.Shape[2], VocabularySize))
        {
            throw Unfit(file, $"its logits are not {Config}'s vocab_size of {VocabularySize}");
        }

        if (logits.Element is not (OnnxValue.Float or OnnxValue.Float16))
        {
            throw Unfit(file, "its logits are neither float32 nor float16");
        }

        if (logits.Shape[1] == 1 && !graph.Inputs.ContainsKey(RowsToKeep))
        {
            throw Unfit(file, "it gives the logits of the last token alone, and drafts are checked by those of several");
        }
    }

    private static bool Differs(long dimension, int expected) => dimension >= 0 && dimension != expected;

    private IEnumerable<string> Caches(string prefix)
    {
        for (var layer = 0; layer < Layers; layer++)
        {
            yield return $"{prefix}.{layer}.key";
            yield return $"{prefix}.{layer}.value";
        }
    }

    private static ModelException Unfit(string file, string why) =>
        new($"'{file}' does not fit its folder, {why}: copy the whole model folder again, or export the graph anew (docs/models.md).");

    private void CheckBudgets()
    {
        var tokens = Text.Tokenizer.Count;
        if (tokens > VocabularySize || tokens < LeastShareOfTokens * VocabularySize)
        {
            throw new ModelException(
                $"'{Text.Tokenizer.Path}' does not fit the weights, it has {tokens} tokens and they have {VocabularySize}: use the tokenizer that came with the model."
            );
        }

        if (Prompt.MaxTokens > MaxPositions)
        {
            throw new ModelException(
                $"'{System.IO.Path.Combine(Path, "prompt.json")}' does not fit the weights, its 'maxTokens' is {Prompt.MaxTokens} and they know {MaxPositions} positions: lower it."
            );
        }
    }
}
