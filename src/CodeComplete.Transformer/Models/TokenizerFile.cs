using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>A token that text never turns into by itself: a mark of the prompt's layout.</summary>
internal readonly record struct SpecialToken(int Id, string Text);

/// <summary>
/// <c>tokenizer.json</c> as Hugging Face's tokenizers write it, for byte-level BPE. Another kind of tokenizer is refused rather than read
/// wrongly.
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

    /// <summary>The longest first, so that a mark that begins another one does not hide it.</summary>
    public required IReadOnlyList<SpecialToken> Special { get; init; }

    /// <summary>What cuts a text into the pieces over which BPE never merges.</summary>
    public required PreTokenizer PreTokenizer { get; init; }

    /// <summary>One more than the greatest id.</summary>
    public required int Count { get; init; }

    /// <exception cref="ModelException">The file is missing, broken, or of another kind.</exception>
    public static TokenizerFile Read(string folder)
    {
        using var file = JsonFile.Open(folder, FileName);
        CheckModel(file);
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
            Special = [.. special.OrderByDescending(t => t.Text.Length)],
            PreTokenizer = PreTokenizerFile.Read(file),
            Count = 1 + Math.Max(vocabulary.Values.Max(), special.Count == 0 ? -1 : special.Max(t => t.Id)),
        };
    }

    /// <summary>The special tokens that a mark is made of.</summary>
    /// <param name="unknown">Where the mark is no run of special tokens, what of it is none.</param>
    public IReadOnlyList<SpecialToken>? SpecialsIn(string mark, out string unknown)
    {
        var found = new List<SpecialToken>();
        for (var rest = mark; rest.Length > 0; rest = rest[found[^1].Text.Length..])
        {
            if (Special.FirstOrDefault(t => rest.StartsWith(t.Text, StringComparison.Ordinal)) is not { Text.Length: > 0 } token)
            {
                unknown = rest;
                return null;
            }

            found.Add(token);
        }

        unknown = "";
        return found;
    }

    internal static ModelException AnotherKind(JsonFile file, string what) =>
        new(
            $"'{file.Path}' is a tokenizer of another kind, {what}: this version reads byte-level BPE (SmolLM2, StarCoder2, Qwen2.5-Coder), so use such a model."
        );

    private static void CheckModel(JsonFile file)
    {
        var model = file.Member("model", JsonValueKind.Object);
        if (file.Text("type", model) is not "BPE" and var type)
        {
            throw AnotherKind(file, $"its model is {type}");
        }

        foreach (var flag in new[] { "byte_fallback", "ignore_merges" })
        {
            if (model.TryGetProperty(flag, out var set) && set.ValueKind == JsonValueKind.True)
            {
                throw AnotherKind(file, $"its model sets '{flag}'");
            }
        }

        foreach (var affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model.TryGetProperty(affix, out var set) && set.ValueKind == JsonValueKind.String && set.GetString() != "")
            {
                throw AnotherKind(file, $"its model sets '{affix}'");
            }
        }

        // NFC is left out: what the user typed must come back byte by byte, and code is composed already but for the odd string.
        if (file.Root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind == JsonValueKind.Object)
        {
            if (file.Text("type", normalizer) is not "NFC" and var other)
            {
                throw AnotherKind(file, $"its normalizer is {other}");
            }
        }
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
