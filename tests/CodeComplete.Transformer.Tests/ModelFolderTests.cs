using System.Globalization;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>Whatever is wrong with a model folder becomes one sentence that names the file and says what to do.</summary>
public sealed class ModelFolderTests(ModelFixture model) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_model_is_described()
    {
        Assert.Equal("csharp-115m", model.Folder.Name);
        Assert.Equal(16385, model.Folder.VocabularySize);
        Assert.Equal(30, model.Folder.Layers);
        Assert.Equal(3, model.Folder.KeyValueHeads);
        Assert.Equal(64, model.Folder.HeadSize);
        Assert.Equal(4096, model.Folder.MaxPositions); // the graph's table is shorter than config.json says
        Assert.Equal(1, model.Folder.Prompt.Number);
        Assert.Equal(1024, model.Folder.Prompt.MaxTokens);
        Assert.Equal(300, model.Folder.Prompt.SnippetTokens);
        Assert.Equal(160, model.Folder.Prompt.SuffixTokens);
        Assert.Equal(64, model.Folder.Prompt.MiddleTokens);
        Assert.Equal(1024, model.Decoder.Capacity);
        Assert.Matches("^[0-9a-f]{16}$", model.Folder.TokenizerId);
    }

    [Fact]
    public void A_folder_of_links_works_as_the_model_itself()
    {
        Link();

        Assert.Equal(model.Folder.TokenizerId, ModelFolder.Open(_folder.Path).TokenizerId);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var path = Path.Combine(_folder.Path, "nowhere");

        Complains(path, $"'{path}' does not exist", "name one that holds model.onnx");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("prompt.json")]
    [InlineData("tokenizer.json")]
    [InlineData("model.onnx")]
    [InlineData("weights-1.bin")]
    public void A_missing_file_is_named(string name)
    {
        Link(except: name);

        Complains(_folder.Path, $"'{Path.Combine(_folder.Path, name)}' is missing", "copy the whole model folder again");
    }

    [Theory]
    [InlineData("config.json", "{ \"vocab_size\": ")]
    [InlineData("config.json", "[]")]
    [InlineData("config.json", "{}")]
    [InlineData("prompt.json", "")]
    [InlineData("prompt.json", "{ \"format\": 1 }")]
    [InlineData("prompt.json", "{ \"format\": \"one\" }")]
    [InlineData("tokenizer.json", "not JSON")]
    [InlineData("model.onnx", "not a graph")]
    [InlineData("model.onnx", "")]
    [InlineData("model.gpu.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 95321\n")]
    public void A_broken_file_is_named(string name, string text)
    {
        Link(except: name);
        _folder.Write(name, text);

        Complains(_folder.Path, $"'{Path.Combine(_folder.Path, name)}' is damaged", "copy it again");
    }

    [Fact]
    public void A_truncated_graph_is_named()
    {
        Link(except: "model.onnx");
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Model, "model.onnx"));
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), bytes[..^1000]);

        Complains(_folder.Path, $"'{Path.Combine(_folder.Path, "model.onnx")}' is damaged", "copy it again");
    }

    [Fact]
    public void A_truncated_weight_file_is_named_with_both_lengths()
    {
        Link(except: "weights-2.bin");
        using (var source = File.OpenRead(Path.Combine(Repository.Model, "weights-2.bin")))
        using (var target = File.Create(Path.Combine(_folder.Path, "weights-2.bin")))
        {
            var part = new byte[1_000_000];
            source.ReadExactly(part);
            target.Write(part);
        }

        Complains(
            _folder.Path,
            $"'{Path.Combine(_folder.Path, "weights-2.bin")}' is cut short",
            "1,000,000 of the 31,269,",
            "copy it again"
        );
    }

    [Fact]
    public void Another_prompt_format_is_refused()
    {
        Link(except: "prompt.json");
        Rewrite("prompt.json", "\"format\": 1", "\"format\": 2");

        Complains(_folder.Path, "prompt.json' is prompt format 2", "writes format 1", "use a model folder that fits");
    }

    [Fact]
    public void A_budget_without_room_is_refused()
    {
        Link(except: "prompt.json");
        Rewrite("prompt.json", "\"maxTokens\": 1024", "\"maxTokens\": 500");

        Complains(_folder.Path, "prompt.json' is damaged", "no room for the text before the cursor");
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_weights_is_refused()
    {
        Link(except: "tokenizer.json");
        Rewrite("tokenizer.json", "\"vocab\": {", $"\"vocab\": {{\"ĠZq\": {model.Folder.VocabularySize + 6}, ");

        Complains(
            _folder.Path,
            "tokenizer.json' does not fit the weights",
            string.Create(
                CultureInfo.InvariantCulture,
                $"it has {model.Folder.VocabularySize + 7} tokens and they have {model.Folder.VocabularySize}"
            ),
            "use the tokenizer that came with the model"
        );
    }

    [Fact]
    public void A_tokenizer_without_the_layouts_marks_is_refused()
    {
        Link(except: "tokenizer.json");
        Rewrite("tokenizer.json", "<|snippet|>", "<|example|>");

        Complains(_folder.Path, "tokenizer.json' has no special token '<|snippet|>'", "use the tokenizer that came with the model");
    }

    [Fact]
    public void A_tokenizer_of_another_kind_is_refused()
    {
        Link(except: "tokenizer.json");
        Rewrite("tokenizer.json", "\"type\": \"Digits\"", "\"type\": \"Punctuation\"");

        Complains(_folder.Path, "tokenizer.json' is a tokenizer of another kind", "use such a model");
    }

    [Fact]
    public void A_tokenizer_whose_merges_do_not_fit_is_refused()
    {
        Link(except: "tokenizer.json");
        Rewrite("tokenizer.json", "\"merges\": [", "\"merges\": [[\"qq\", \"zz\"], ");
        var folder = ModelFolder.Open(_folder.Path);

        var e = Assert.Throws<ModelException>(() => CodeTokenizer.Load(folder));

        Assert.Contains("tokenizer.json' is damaged", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"vocab_size\": 16385", "\"vocab_size\": 20000", "vocab_size of 20000")]
    [InlineData("\"num_hidden_layers\": 30", "\"num_hidden_layers\": 31", "no input 'past_key_values.30.key'")]
    [InlineData("\"num_hidden_layers\": 30", "\"num_hidden_layers\": 29", "more layers than config.json's 29")]
    [InlineData("\"head_dim\": 64", "\"head_dim\": 32", "key/value heads")]
    public void A_configuration_that_does_not_fit_the_graph_is_refused(string text, string other, string complaint)
    {
        Link(except: "config.json");
        Rewrite("config.json", text, other);

        Complains(_folder.Path, "model.onnx' does not fit its folder", complaint, "copy the whole model folder again");
    }

    [Fact]
    public void A_graph_that_the_runtime_does_not_load_is_named()
    {
        // Whole by every look from outside, but an operator's name is wrong.
        Link(except: "model.onnx");
        var avx2 = Path.Combine(_folder.Path, "model.avx2.onnx");
        File.Delete(avx2);
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Model, "model.onnx"));
        var at = bytes.AsSpan().IndexOf("SkipSimplifiedLayerNormalization"u8);
        bytes[at] = (byte)'X';
        File.WriteAllBytes(Path.Combine(_folder.Path, "model.onnx"), bytes);
        var folder = ModelFolder.Open(_folder.Path);

        var e = Assert.Throws<ModelException>(() => Decoder.Load(folder, model.Tokenizer, new DecoderOptions { Provider = "cpu" }));

        Assert.Contains($"'{Path.Combine(_folder.Path, "model.onnx")}' does not load", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static void Complains(string path, params string[] parts)
    {
        var e = Assert.Throws<ModelException>(() => ModelFolder.Open(path));

        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Fills the folder with the model's files, as links where the system allows them.</summary>
    private void Link(string? except = null)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Model).Where(f => Path.GetFileName(f) != except))
        {
            var link = Path.Combine(_folder.Path, Path.GetFileName(file));
            try
            {
                File.CreateSymbolicLink(link, file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                File.Copy(file, link); // Windows asks for a privilege
            }
        }
    }

    private void Rewrite(string name, string text, string other)
    {
        var original = File.ReadAllText(Path.Combine(Repository.Model, name));
        Assert.Contains(text, original, StringComparison.Ordinal);
        _folder.Write(name, original.Replace(text, other, StringComparison.Ordinal));
    }
}
