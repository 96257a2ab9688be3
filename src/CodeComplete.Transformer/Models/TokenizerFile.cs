using System.Security.Cryptography;
using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>A token that text never turns into by itself: a mark of the prompt's layout.</summary>
internal readonly record struct SpecialToken(int Id, string Text);

/// <summary>
/// <c>tokenizer.json</c> as Hugging Face's tokenizers write it, for byte-level BPE with every digit by itself. Another kind of tokenizer
/// is refused rather than read wrongly.
/// </summary>
internal sealed record TokenizerFile
{
    private const string FileName = "tokenizer.json";

    public required string Path { get; init; }

    /// <summary>The first 16 hexadecimal digits of the file's SHA-256.</summary>
    public required string Id { get; init; }

    /// <summary>Tokens in the byte-level alphabet, without the special ones.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>"left right", the most important first.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    public required IReadOnlyList<SpecialToken> Special { get; init; }

    /// <summary>One more than the greatest id.</summary>
    public required int Count { get; init; }

    /// <exception cref="ModelException">The file is missing, broken, or of another kind.</exception>
    public static TokenizerFile Read(string folder)
    {
        using var file = JsonFile.Open(folder, FileName);
        CheckKind(file);
        var model = file.Member("model", JsonValueKind.Object);
        var special = new List<SpecialToken>();
        foreach (var token in file.Member("added_tokens", JsonValueKind.Array).EnumerateArray())
        {
            special.Add(new SpecialToken(file.Integer("id", token), file.Text("content", token)));
        }

        var vocabulary = new Dictionary<string, int>();
        foreach (var token in file.Member("vocab", JsonValueKind.Object, model).EnumerateObject())
        {
            vocabulary[token.Name] =
                token.Value.TryGetInt32(out var id) && id >= 0 ? id : throw file.Bad($"the id of '{token.Name}' is no number");
        }

        // Were they left in, a text could spell one.
        foreach (var token in special)
        {
            vocabulary.Remove(token.Text);
        }

        var merges = new List<string>();
        foreach (var merge in file.Member("merges", JsonValueKind.Array, model).EnumerateArray())
        {
            merges.Add(
                merge.ValueKind switch
                {
                    JsonValueKind.String => merge.GetString()!,
                    JsonValueKind.Array when merge.GetArrayLength() == 2 => $"{merge[0].GetString()} {merge[1].GetString()}",
                    _ => throw file.Bad("its merges are not pairs"),
                }
            );
        }

        if (vocabulary.Count == 0)
        {
            throw file.Bad("it has no tokens");
        }

        return new TokenizerFile
        {
            Path = file.Path,
            Id = Hash(file.Path),
            Vocabulary = vocabulary,
            Merges = merges,
            Special = special,
            Count = 1 + Math.Max(vocabulary.Values.Max(), special.Count == 0 ? -1 : special.Max(t => t.Id)),
        };
    }

    private static void CheckKind(JsonFile file)
    {
        var root = file.Root;
        var model = file.Member("model", JsonValueKind.Object);
        var split = root.TryGetProperty("pre_tokenizer", out var pre) && pre.ValueKind == JsonValueKind.Object ? pre : default;
        var known =
            file.Text("type", model) == "BPE"
            && (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind == JsonValueKind.Null)
            && split.ValueKind == JsonValueKind.Object
            && split.TryGetProperty("pretokenizers", out var steps)
            && steps.ValueKind == JsonValueKind.Array
            && steps.GetArrayLength() == 2
            && Is(steps[0], "Digits", "individual_digits", true)
            && Is(steps[1], "ByteLevel", "add_prefix_space", false)
            && (!steps[1].TryGetProperty("use_regex", out var regex) || regex.ValueKind == JsonValueKind.True);
        if (!known)
        {
            throw new ModelException(
                $"'{file.Path}' is a tokenizer of another kind: this version reads byte-level BPE with individual digits (SmolLM2, StarCoder2), so use such a model."
            );
        }

        static bool Is(JsonElement step, string type, string flag, bool value) =>
            step.ValueKind == JsonValueKind.Object
            && step.TryGetProperty("type", out var kind)
            && kind.ValueKind == JsonValueKind.String
            && kind.GetString() == type
            && step.TryGetProperty(flag, out var set)
            && set.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False);
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
