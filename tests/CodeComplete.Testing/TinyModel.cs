using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeComplete.Testing;

/// <summary>How a <see cref="TinyModel"/> is exported.</summary>
public sealed record TinyExport
{
    public bool HalfCache { get; init; }

    public bool HalfLogits { get; init; }

    public bool Positions { get; init; }

    /// <summary>GroupQueryAttention, whose past and present may be one buffer, instead of joining them.</summary>
    public bool InPlace { get; init; }

    /// <summary>genai_config.json instead of config.json.</summary>
    public bool GenAI { get; init; }

    /// <summary>Weights in model.onnx.data.</summary>
    public bool External { get; init; }

    /// <summary>model.explain.onnx besides; the graph must be in place.</summary>
    public bool Explain { get; init; }

    /// <summary>Rows of the embedding without a token, as exports have.</summary>
    public int Padding { get; init; } = 3;

    /// <summary>An input that nobody gives.</summary>
    public string? OtherInput { get; init; }
}

/// <summary>
/// A model folder of another family than the shipped model's, made by the tests: Qwen2.5-Coder's special tokens, layout and pre-tokenizer,
/// over the bytes and a few words. It writes what it was told to write after a token; what it has read before moves its logits a little,
/// by whole numbers, so that a key or value that is not where it belongs shows in them exactly.
/// </summary>
public sealed class TinyModel
{
    public const int Layers = 2;
    public const int Heads = 2;
    public const int HeadSize = 8;
    public const int Positions = 512;

    private const int Width = Heads * HeadSize;

    /// <summary>Qwen2.5's own.</summary>
    private const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string[] Specials =
    [
        "<|endoftext|>",
        "<|fim_prefix|>",
        "<|fim_middle|>",
        "<|fim_suffix|>",
        "<|fim_pad|>",
        "<|file_sep|>",
    ];

    // Each joins two tokens that are there already.
    private static readonly (string Left, string Right)[] Merges =
    [
        ("C", "o"),
        ("u", "n"),
        ("un", "t"),
        ("Co", "unt"),
        ("a", "l"),
        ("al", "l"),
        (".", "Co"),
        ("(", ")"),
        ("()", ";"),
    ];

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(string After, string Next)> _chain = [];

    public TinyModel()
    {
        for (var value = 0; value < 256; value++)
        {
            _ids[Letter((byte)value)] = value;
        }

        foreach (var (left, right) in Merges)
        {
            _ids[left + right] = _ids.Count;
        }

        foreach (var special in Specials)
        {
            _ids[special] = _ids.Count;
        }
    }

    /// <summary>Of the tokenizer.</summary>
    public int Tokens => _ids.Count;

    /// <summary>The id of a token, written as in tokenizer.json.</summary>
    public int this[string token] => _ids[token];

    /// <summary>Makes the model write these tokens one after the other.</summary>
    public TinyModel Writes(params string[] tokens)
    {
        for (var i = 1; i < tokens.Length; i++)
        {
            _chain.Add((tokens[i - 1], tokens[i]));
        }

        return this;
    }

    /// <summary>Writes the whole folder.</summary>
    public void Export(string folder, TinyExport export)
    {
        var vocabulary = Tokens + export.Padding;
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Tokenizer());
        File.WriteAllText(Path.Combine(folder, "prompt.json"), Prompt());
        var name = export.GenAI ? "genai_config.json" : "config.json";
        File.WriteAllText(Path.Combine(folder, name), export.GenAI ? GenAIConfig(vocabulary) : Config(vocabulary));
        ExportGraph(folder, export, vocabulary, explains: false);
        if (export.Explain)
        {
            ExportGraph(folder, export, vocabulary, explains: true);
        }
    }

    /// <summary>The attention of a layer's head from the last of some tokens to each of them, worked out by the book.</summary>
    /// <param name="padding">As in the export.</param>
    public double[] Attention(int layer, int head, IReadOnlyList<int> tokens, int padding)
    {
        var queries = Numbers(SeedOf(layer, "query"), (Tokens + padding) * Width);
        var keys = Numbers(SeedOf(layer, "key"), (Tokens + padding) * Width);
        double[] weights =
        [
            .. tokens.Select(token =>
                Math.Exp(
                    Enumerable
                        .Range(head * HeadSize, HeadSize)
                        .Sum(i => (double)queries[(tokens[^1] * Width) + i] * keys[(token * Width) + i]) / Math.Sqrt(HeadSize)
                )
            ),
        ];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <summary>prompt.json alone.</summary>
    public static string Prompt() =>
        """
            {
              "format": 1,
              "tokens": {
                "file": "<|file_sep|>",
                "snippet": "<|file_sep|>",
                "prefix": "<|fim_prefix|>",
                "suffix": "<|fim_suffix|>",
                "middle": "<|fim_middle|>",
                "end": ["<|endoftext|>", "<|file_sep|>", "<|fim_pad|>"]
              },
              "order": ["snippets", "file", "prefix", "suffix", "middle"],
              "suffixStartsAt": "cursor",
              "context": { "maxTokens": 512, "snippetTokens": 100, "suffixTokens": 64, "middleTokens": 32 },
              "remote": { "model": "tiny" }
            }
            """;

    /// <summary>tokenizer.json alone.</summary>
    public string Tokenizer()
    {
        var vocabulary = new JsonObject();
        foreach (var (token, id) in _ids.Where(t => !Specials.Contains(t.Key)))
        {
            vocabulary[token] = id;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([
                .. Specials.Select(s =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = _ids[s],
                            ["content"] = s,
                            ["special"] = true,
                        }
                ),
            ]),
            ["normalizer"] = new JsonObject { ["type"] = "NFC" },
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "Split",
                        ["pattern"] = new JsonObject { ["Regex"] = Pattern },
                        ["behavior"] = "Isolated",
                        ["invert"] = false,
                    },
                    new JsonObject
                    {
                        ["type"] = "ByteLevel",
                        ["add_prefix_space"] = false,
                        ["use_regex"] = false,
                    }
                ),
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. Merges.Select(m => (JsonNode)$"{m.Left} {m.Right}")]),
            },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static string Config(int vocabulary) =>
        $$"""
            {
              "hidden_size": {{Width}},
              "num_attention_heads": {{Heads}},
              "num_key_value_heads": null,
              "num_hidden_layers": {{Layers}},
              "max_position_embeddings": {{Positions}},
              "vocab_size": {{vocabulary}}
            }
            """;

    private static string GenAIConfig(int vocabulary) =>
        $$"""
            {
              "model": {
                "context_length": {{Positions}},
                "decoder": {
                  "filename": "model.onnx",
                  "head_size": {{HeadSize}},
                  "hidden_size": {{Width}},
                  "num_attention_heads": {{Heads}},
                  "num_hidden_layers": {{Layers}},
                  "num_key_value_heads": {{Heads}}
                },
                "type": "qwen2",
                "vocab_size": {{vocabulary}}
              },
              "search": { "past_present_share_buffer": true }
            }
            """;

    private void ExportGraph(string folder, TinyExport export, int vocabulary, bool explains)
    {
        var graph = new OnnxWriter(export.External ? "model.onnx.data" : null);
        graph.Input("input_ids", OnnxWriter.Int64, "batch", "tokens");
        graph.Input("attention_mask", OnnxWriter.Int64, "batch", "total");
        if (export.OtherInput is { } other)
        {
            graph.Input(other, OnnxWriter.Int64, 1);
        }

        // The mask's sum is added times nothing: it must be there, and moves no logit.
        var lengths = graph.Node("ReduceSum", ["attention_mask", graph.Constant("axis.1", 1)], ("keepdims", 0));
        var nothing = graph.Node("Mul", [graph.Node("Cast", [lengths], ("to", OnnxWriter.Float)), graph.Weights("zero", [0], 1)]);
        var logits = graph.Node(
            "Add",
            [graph.Node("Gather", [graph.Weights("next", Next(vocabulary), vocabulary, vocabulary), "input_ids"]), nothing]
        );
        if (export.Positions)
        {
            graph.Input("position_ids", OnnxWriter.Int64, "batch", "tokens");
            var places = graph.Node(
                "Gather",
                [graph.Weights("places", Numbers(99, Positions * vocabulary), Positions, vocabulary), "position_ids"]
            );
            logits = graph.Node("Add", [logits, places]);
        }

        graph.Constant("rows", 1, -1, Width);
        graph.Constant("apart", 1, -1, Heads, HeadSize);
        graph.Constant("end", int.MaxValue);
        graph.Constant("axis.2", 2);
        var tokens = graph.Node("Gather", [graph.Node("Shape", ["input_ids"]), graph.Constant("one", 1)]);
        var first = graph.Node("Neg", [tokens]);
        var lastIndices = graph.Node("Cast", [graph.Node("Sub", [lengths, "one"])], ("to", OnnxWriter.Int32));
        var total = graph.Node(
            "Cast",
            [graph.Node("Gather", [graph.Node("Shape", ["attention_mask"]), graph.Scalar("one.scalar", 1)])],
            ("to", OnnxWriter.Int32)
        );
        for (var layer = 0; layer < Layers; layer++)
        {
            var seen = export.InPlace ? Attention(layer) : Sums(layer);
            var weights = graph.Weights($"out.{layer}", Numbers(layer, Width * vocabulary), Width, vocabulary);
            logits = graph.Node("Add", [logits, graph.Node("MatMul", [seen, weights])]);
        }

        var element = export.HalfLogits ? OnnxWriter.Float16 : OnnxWriter.Float;
        graph.Node("Cast", [logits], ["logits"], ("to", element));
        graph.Output("logits", element, "batch", "tokens", vocabulary);
        graph.Write(folder, explains ? "model.explain.onnx" : "model.onnx");

        // Of all keys and values so far the products' sums: causal, and of whole numbers.
        string Sums(int layer)
        {
            var joined = new List<string>();
            foreach (var part in new[] { "key", "value" })
            {
                var rows = graph.Node("Reshape", [Embedding(layer, part), "apart"]);
                var now = Stored(graph.Node("Transpose", [rows], ("perm", new long[] { 0, 2, 1, 3 })));
                var present = graph.Node("Concat", [Past(layer, part), now], [Present(layer, part)], ("axis", 2));
                joined.Add(graph.Node("Cast", [present], ("to", OnnxWriter.Float)));
            }

            var sums = graph.Node("CumSum", [graph.Node("Mul", [.. joined]), graph.Scalar($"axis.2.{layer}", 2)]);
            var latest = graph.Node("Slice", [sums, first, "end", "axis.2"]);
            return graph.Node("Reshape", [graph.Node("Transpose", [latest], ("perm", new long[] { 0, 2, 1, 3 })), "rows"]);
        }

        string Attention(int layer) =>
            graph.Node(
                "Cast",
                [
                    graph.Node(
                        "com.microsoft:GroupQueryAttention",
                        [
                            Stored(Embedding(layer, "query")),
                            Stored(Embedding(layer, "key")),
                            Stored(Embedding(layer, "value")),
                            Past(layer, "key"),
                            Past(layer, "value"),
                            lastIndices,
                            total,
                        ],
                        [$"seen.{layer}", Present(layer, "key"), Present(layer, "value"), .. Weights(layer)],
                        [("num_heads", Heads), ("kv_num_heads", Heads), .. AfterSoftmax()]
                    ),
                ],
                ("to", OnnxWriter.Float)
            );

        IEnumerable<string> Weights(int layer)
        {
            if (explains)
            {
                graph.Output($"attention.{layer}", OnnxWriter.Float, "batch", Heads, "tokens", "total");
                yield return $"attention.{layer}";
            }
        }

        IEnumerable<(string, object)> AfterSoftmax() => explains ? [("qk_output", 2)] : [];

        string Embedding(int layer, string part) =>
            graph.Node(
                "Gather",
                [graph.Weights($"{part}.{layer}", Numbers(SeedOf(layer, part), vocabulary * Width), vocabulary, Width), "input_ids"]
            );

        string Stored(string value) => graph.Node("Cast", [value], ("to", Cache()));

        string Past(int layer, string part)
        {
            graph.Input($"past_key_values.{layer}.{part}", Cache(), "batch", Heads, "past", HeadSize);
            return $"past_key_values.{layer}.{part}";
        }

        string Present(int layer, string part)
        {
            graph.Output($"present.{layer}.{part}", Cache(), "batch", Heads, "total", HeadSize);
            return $"present.{layer}.{part}";
        }

        int Cache() => export.HalfCache ? OnnxWriter.Float16 : OnnxWriter.Float;
    }

    /// <summary>Far above all that is added to it, and yet of a size that float16 holds.</summary>
    private float[] Next(int vocabulary)
    {
        var next = new float[vocabulary * vocabulary];
        foreach (var (after, token) in _chain)
        {
            next[_ids[after] * vocabulary + _ids[token]] = 30_000;
        }

        return next;
    }

    private static int SeedOf(int layer, string part) => (10 * layer) + part.Length;

    private static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = random.Next(-1, 2);
        }

        return numbers;
    }

    /// <summary>GPT-2's letter for a byte.</summary>
    private static string Letter(byte value)
    {
        if (IsPrintable(value))
        {
            return ((char)value).ToString();
        }

        var before = Enumerable.Range(0, value).Count(b => !IsPrintable((byte)b));
        return ((char)(0x100 + before)).ToString();

        static bool IsPrintable(byte b) => b is (>= (byte)'!' and <= (byte)'~') or (>= 0xa1 and <= 0xac) or >= 0xae;
    }
}
