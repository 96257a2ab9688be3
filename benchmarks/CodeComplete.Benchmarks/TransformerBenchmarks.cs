using BenchmarkDotNet.Attributes;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Benchmarks;

/// <summary>The decoder's own costs: reading a prompt at a new place, one more token, checking eight drafted ones, tokenising.</summary>
public class TransformerBenchmarks
{
    private readonly string _text = File.ReadAllText(
        Path.Combine(Product.Sample, "src", "Clinic.Domain", "Scheduling", "AppointmentBook.cs")
    );
    private Decoder _decoder = null!;
    private CodeTokenizer _tokenizer = null!;
    private int[] _prompt = [];

    [GlobalSetup]
    public void Load()
    {
        var folder = ModelFolder.Open(Repository.Model);
        _tokenizer = CodeTokenizer.Load(folder);
        _decoder = Decoder.Load(folder, _tokenizer, new DecoderOptions { Provider = "cpu", Threads = 2 });
        _prompt = [.. _tokenizer.Encode(_text).Take(512)];
        _decoder.Read(_prompt, 1, CancellationToken.None);
    }

    [GlobalCleanup]
    public void Close() => _decoder.Dispose();

    [Benchmark]
    public float Prompt512()
    {
        _decoder.TakeBack(0);
        return _decoder.Read(_prompt, 1, CancellationToken.None).Last[0];
    }

    [Benchmark]
    public float Prompt128()
    {
        _decoder.TakeBack(0);
        return _decoder.Read(_prompt.AsSpan(0, 128), 1, CancellationToken.None).Last[0];
    }

    [Benchmark]
    public int Encode2000Characters() => _tokenizer.Encode(_text[..2000]).Count;
}
