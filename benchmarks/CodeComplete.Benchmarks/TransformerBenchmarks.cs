using BenchmarkDotNet.Attributes;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Benchmarks;

/// <summary>The decoder's own costs: reading a prompt at a new place, one more token, checking eight drafted ones, tokenising.</summary>
public class TransformerBenchmarks
{
    private readonly string text = File.ReadAllText(
        Path.Combine(Product.Sample, "src", "Clinic.Domain", "Scheduling", "AppointmentBook.cs")
    );
    private Decoder decoder = null!;
    private CodeTokenizer tokenizer = null!;
    private int[] prompt = [];

    [GlobalSetup]
    public void Load()
    {
        var folder = ModelFolder.Open(Repository.Model);
        tokenizer = CodeTokenizer.Load(folder);
        decoder = Decoder.Load(folder, tokenizer, new DecoderOptions { Provider = "cpu", Threads = 2 });
        prompt = [.. tokenizer.Encode(text).Take(512)];
        decoder.Read(prompt, 1, CancellationToken.None);
    }

    [GlobalCleanup]
    public void Close() => decoder.Dispose();

    [Benchmark]
    public float Prompt512()
    {
        decoder.TakeBack(0);
        return decoder.Read(prompt, 1, CancellationToken.None).Last[0];
    }

    [Benchmark]
    public float Prompt128()
    {
        decoder.TakeBack(0);
        return decoder.Read(prompt.AsSpan(0, 128), 1, CancellationToken.None).Last[0];
    }

    [Benchmark]
    public int Encode2000Characters() => tokenizer.Encode(text[..2000]).Count;
}
