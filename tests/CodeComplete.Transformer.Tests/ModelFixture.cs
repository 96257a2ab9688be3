using CodeComplete.Testing;
using CodeComplete.Transformer.Tests;

[assembly: AssemblyFixture(typeof(ModelFixture))]
// One model is shared, and it serves one caller at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace CodeComplete.Transformer.Tests;

/// <summary>The shipped model, loaded once for all tests.</summary>
public sealed class ModelFixture : IDisposable
{
    public ModelFixture()
    {
        Folder = ModelFolder.Open(Repository.Model);
        Tokenizer = CodeTokenizer.Load(Folder);
        Decoder = Decoder.Load(Folder, Tokenizer, new DecoderOptions { Provider = "cpu" });
    }

    public ModelFolder Folder { get; }

    /// <summary>The graph that this machine's processor computes without overflow.</summary>
    internal string CpuGraph => SessionLoader.CpuGraph(Folder, CpuFeatures.Has8BitDotProducts);

    public CodeTokenizer Tokenizer { get; }

    public Decoder Decoder { get; }

    /// <summary>A generator on an empty buffer.</summary>
    public Generator NewGenerator()
    {
        Decoder.TakeBack(0);
        return new Generator(Decoder, Tokenizer);
    }

    /// <summary>A prompt in format 1, healed at the cursor.</summary>
    public HealedPrompt Prompt(string before, string after = "\n", string file = "src/Sample.cs") =>
        Healing.Heal(Tokenizer, Tokenizer.EncodeWithSpecials($"<|file|>{file}\n<|suffix|>{after}<|prefix|>{before}"));

    public Generation Generate(
        string before,
        string after = "\n",
        Func<GenerationRequest, GenerationRequest>? with = null,
        CancellationToken? cancellation = null
    )
    {
        var healed = Prompt(before, after);
        var request = new GenerationRequest
        {
            Prompt = healed.Tokens,
            Typed = healed.Typed,
            MaxTokens = 24,
            GuideLimit = Timeout.InfiniteTimeSpan,
        };
        return NewGenerator().Generate(with is null ? request : with(request), cancellation ?? TestContext.Current.CancellationToken);
    }

    public void Dispose() => Decoder.Dispose();
}
