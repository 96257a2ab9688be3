using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>What can be wrong with a model folder of one's own: one sentence that names the file and says what to do.</summary>
public sealed class OtherFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _tiny = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_truncated_external_weight_file_is_named()
    {
        _tiny.Export(_folder.Path, new TinyExport { External = true });
        using (var weights = File.OpenWrite(In("model.onnx.data")))
        {
            weights.SetLength(weights.Length - 1);
        }

        Complains("model.onnx.data", "is cut short", "copy it again");
    }

    [Fact]
    public void A_graph_cut_inside_its_weights_is_named()
    {
        _tiny.Export(_folder.Path, new TinyExport());
        using (var graph = File.OpenWrite(In("model.onnx")))
        {
            graph.SetLength(graph.Length / 2);
        }

        Complains("model.onnx", "is damaged", "copy it again");
    }

    [Fact]
    public void A_tokenizer_of_a_smaller_model_is_refused()
    {
        // A bigger model's graph and configuration.
        _tiny.Export(_folder.Path, new TinyExport { Padding = 200 });

        Complains(
            "tokenizer.json",
            $"does not fit the weights, it has {_tiny.Tokens} tokens and they have {_tiny.Tokens + 200}",
            "use the tokenizer that came with the model"
        );
    }

    [Fact]
    public void A_graph_with_another_input_is_refused()
    {
        _tiny.Export(_folder.Path, new TinyExport { OtherInput = "cache_position" });

        Complains("model.onnx", "has an input 'cache_position'", "export the graph anew");
    }

    [Theory]
    [InlineData("attention_mask", "no input 'attention_mask'")]
    [InlineData("past_key_values.1.value", "no input 'past_key_values.1.value'")]
    [InlineData("present.0.key", "no output 'present.0.key'")]
    [InlineData("logits", "no output 'logits'")]
    public void A_graph_with_other_names_is_refused(string name, string complaint)
    {
        _tiny.Export(_folder.Path, new TinyExport());
        Rewrite("model.onnx", bytes => Renamed(bytes, name));

        Complains("model.onnx", complaint, "export the graph anew");
    }

    [Fact]
    public void Without_a_configuration_the_usual_one_is_named()
    {
        _tiny.Export(_folder.Path, new TinyExport());
        File.Delete(In("config.json"));

        Complains("config.json", "is missing", "copy the whole model folder again");
    }

    [Fact]
    public void A_budget_beyond_the_models_positions_is_refused()
    {
        _tiny.Export(_folder.Path, new TinyExport());
        Replace("prompt.json", "\"maxTokens\": 512", "\"maxTokens\": 600");

        Complains("prompt.json", "'maxTokens' is 600 and they know 512 positions", "lower it");
    }

    [Theory]
    [InlineData("\"suffix\", \"middle\"]", "\"suffix\"]", "ends with a part from which the model would not know")]
    [InlineData("\"prefix\", \"suffix\", \"middle\"]", "\"suffix\", \"middle\"]", "leaves out 'prefix'")]
    [InlineData("\"snippets\", \"file\"", "\"file\", \"file\"", "names 'file' twice")]
    [InlineData("\"snippets\", \"file\"", "\"snippets\", \"repo\"", "names 'repo', which is no part and not among 'tokens'")]
    [InlineData("\"order\": [", "\"order\": [1, ", "'order' is not a list of texts")]
    [InlineData("\"cursor\"", "\"start\"", "'suffixStartsAt' is 'start'")]
    [InlineData("\"<|file_sep|>\", \"<|fim_pad|>\"]", "\"<|file_sep|><|fim_pad|>\"]", "is more than one special token")]
    [InlineData("\"maxTokens\": 512", "\"maxTokens\": 250", "no room for the text before the cursor")]
    public void A_layout_that_cannot_be_is_refused(string text, string other, string complaint)
    {
        _tiny.Export(_folder.Path, new TinyExport());
        Replace("prompt.json", text, other);

        Complains("prompt.json", complaint, "is damaged");
    }

    [Fact]
    public void A_mark_that_the_tokenizer_does_not_have_is_named()
    {
        _tiny.Export(_folder.Path, new TinyExport());
        Replace("prompt.json", "\"<|fim_middle|>\"", "\"<|fim_middle|><MID>\"");

        Complains("tokenizer.json", "no special token '<MID>', which prompt.json names", "mend prompt.json");
    }

    [Theory]
    [InlineData("\"BPE\"", "\"Unigram\"", "its model is Unigram")]
    [InlineData("\"ignore_merges\": false", "\"ignore_merges\": true", "its model sets 'ignore_merges'")]
    [InlineData("\"NFC\"", "\"Lowercase\"", "its normalizer is Lowercase")]
    [InlineData("\"add_prefix_space\": false", "\"add_prefix_space\": true", "adds a space before the text")]
    [InlineData("\"Isolated\"", "\"Removed\"", "does not isolate what it finds")]
    [InlineData("\"ByteLevel\"", "\"Metaspace\"", "does not end in ByteLevel")]
    [InlineData("\"Split\"", "\"Punctuation\"", "has a step Punctuation")]
    public void A_tokenizer_of_another_kind_is_refused(string text, string other, string complaint)
    {
        _tiny.Export(_folder.Path, new TinyExport());
        Replace("tokenizer.json", text, other);

        Complains("tokenizer.json", "is a tokenizer of another kind", complaint, "use such a model");
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    private void Complains(string file, params string[] parts)
    {
        var e = Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.Path));

        Assert.StartsWith($"'{In(file)}' ", e.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    private void Replace(string name, string text, string other)
    {
        var original = File.ReadAllText(In(name));
        Assert.Contains(text, original, StringComparison.Ordinal);
        File.WriteAllText(In(name), original.Replace(text, other, StringComparison.Ordinal));
    }

    private void Rewrite(string name, Func<byte[], byte[]> change) => File.WriteAllBytes(In(name), change(File.ReadAllBytes(In(name))));

    /// <summary>Every occurrence of a name gets another last letter, so that no length changes.</summary>
    private static byte[] Renamed(byte[] bytes, string name)
    {
        var old = System.Text.Encoding.UTF8.GetBytes(name);
        for (var at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old))
        {
            bytes[at + old.Length - 1] = (byte)'_';
        }

        return bytes;
    }
}
