using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using CodeComplete.Memory;
using CodeComplete.Memory.Vectors;

namespace CodeComplete.Benchmarks;

/// <summary>The vectors of a large project: 200,000 snippets in 10,000 files, 256 dimensions. And the ways to multiply them, 4,096 vectors at a time.</summary>
public class MemoryVectorBenchmarks
{
    private const int Files = 10_000;
    private const int SnippetsOfFile = 20;
    private const int Dimensions = 256;
    private const int Some = 4096;

    private readonly VectorStore _store = new(Dimensions);
    private readonly HashingEmbedder _embedder = new();
    private readonly sbyte[] _file = new sbyte[SnippetsOfFile * Dimensions];
    private readonly sbyte[] _some = new sbyte[Some * Dimensions];
    private readonly sbyte[] _query = new sbyte[Dimensions];
    private readonly short[] _wide = new short[Dimensions];
    private readonly int[] _widest = new int[Dimensions];
    private readonly int[] _row = new int[Dimensions];
    private readonly float[] _embedded = new float[Dimensions];
    private readonly string _snippet = string.Join(
        '\n',
        Enumerable.Range(0, 12).Select(i => $"    var total{i} = invoice.Lines.Sum(line => line.UnitPrice * line.Quantity{i});")
    );

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (var i = 0; i < Files; i++)
        {
            Randomize(random, _file);
            _store.Put($"src/Folder{i % 100}/File{i}.cs", _file);
        }

        Randomize(random, _some);
        Randomize(random, _query);
        TensorPrimitives.ConvertTruncating<sbyte, short>(_query, _wide);
        TensorPrimitives.ConvertTruncating<sbyte, int>(_query, _widest);
    }

    [Benchmark]
    public int Search200000() => _store.Search(_query, 50, "src/Folder1/File1.cs").Count;

    [Benchmark]
    public void PutAFile() => _store.Put("src/Folder7/File7.cs", _file);

    [Benchmark]
    public float EmbedASnippet()
    {
        _embedder.Embed([_snippet], EmbeddedKind.Snippet, _embedded, CancellationToken.None);
        return _embedded[0];
    }

    [Benchmark]
    public int Dot4096Avx512() => Sum(Int8Dot.Avx512);

    [Benchmark]
    public int Dot4096Avx256() => Sum(Int8Dot.Avx256);

    [Benchmark]
    public int Dot4096Portable() => Sum(Int8Dot.Portable);

    /// <summary>As exact, without a line of our own: each vector is widened into a buffer first.</summary>
    [Benchmark]
    public int Dot4096TensorPrimitives()
    {
        var sum = 0;
        for (var at = 0; at < _some.Length; at += Dimensions)
        {
            TensorPrimitives.ConvertTruncating<sbyte, int>(_some.AsSpan(at, Dimensions), _row);
            sum ^= TensorPrimitives.Dot<int>(_widest, _row);
        }

        return sum;
    }

    private int Sum(Dot dot)
    {
        var sum = 0;
        for (var at = 0; at < _some.Length; at += Dimensions)
        {
            sum ^= dot(_wide, _some.AsSpan(at, Dimensions));
        }

        return sum;
    }

    private static void Randomize(Random random, sbyte[] vectors)
    {
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = (sbyte)random.Next(-30, 31);
        }
    }

    private delegate int Dot(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector);
}
