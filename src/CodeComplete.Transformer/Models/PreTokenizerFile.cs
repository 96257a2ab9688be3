using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>: one step, or a sequence of them, the last of which turns text to bytes.</summary>
internal static class PreTokenizerFile
{
    /// <exception cref="ModelException">There is a step that this version does not know.</exception>
    public static PreTokenizer Read(JsonFile file)
    {
        if (!file.Root.TryGetProperty("pre_tokenizer", out var root) || root.ValueKind != JsonValueKind.Object)
        {
            throw TokenizerFile.AnotherKind(file, "it has no pre_tokenizer");
        }

        var steps =
            file.Text("type", root) == "Sequence"
                ? [.. file.Member("pretokenizers", JsonValueKind.Array, root).EnumerateArray()]
                : new[] { root };
        var cuts = new List<ICut>();
        for (var i = 0; i < steps.Length; i++)
        {
            var type = file.Text("type", steps[i]);
            if (type == "ByteLevel" != (i == steps.Length - 1))
            {
                throw TokenizerFile.AnotherKind(file, "its pre_tokenizer does not end in ByteLevel");
            }

            switch (type)
            {
                case "ByteLevel" when !Flag(steps[i], "add_prefix_space", byDefault: true):
                    if (Flag(steps[i], "use_regex", byDefault: true))
                    {
                        cuts.Add(new Gpt2Cut());
                    }

                    break;
                case "Digits":
                    cuts.Add(new DigitCut(Flag(steps[i], "individual_digits", byDefault: false)));
                    break;
                case "Split":
                    cuts.Add(Split(file, steps[i]));
                    break;
                case "ByteLevel":
                    throw TokenizerFile.AnotherKind(file, "its ByteLevel step adds a space before the text");
                default:
                    throw TokenizerFile.AnotherKind(file, $"its pre_tokenizer has a step {type}");
            }
        }

        // Both steps in one pass over the text, for the kind of tokenizer that the shipped model has.
        return cuts is [DigitCut { Individual: true }, Gpt2Cut] ? new CodePreTokenizer() : new StepwisePreTokenizer(cuts);
    }

    private static PatternCut Split(JsonFile file, JsonElement step)
    {
        var pattern = file.Member("pattern", JsonValueKind.Object, step);
        var isRegex = pattern.TryGetProperty("Regex", out _);
        var text = file.Text(isRegex ? "Regex" : "String", pattern);
        if (file.Text("behavior", step) != "Isolated" || Flag(step, "invert", byDefault: false))
        {
            throw TokenizerFile.AnotherKind(file, "its Split step does not isolate what it finds");
        }

        try
        {
            return new PatternCut(text, isRegex);
        }
        catch (ArgumentException e)
        {
            throw TokenizerFile.AnotherKind(file, $"its Split pattern cannot be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})");
        }
    }

    private static bool Flag(JsonElement step, string name, bool byDefault) =>
        step.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : byDefault;
}
