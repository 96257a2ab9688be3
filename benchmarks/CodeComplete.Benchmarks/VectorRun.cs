using System.Diagnostics;
using CodeComplete.Memory.Vectors;

namespace CodeComplete.Benchmarks;

/// <summary>Percentiles of the vector search, each time for another query: 256 dimensions, the best fifty.</summary>
internal static class VectorRun
{
    private const int Queries = 400;
    private const int Dimensions = 256;
    private const int OfFile = 20;

    public static int Run(int vectors)
    {
        var random = new Random(1);
        var store = new VectorStore(Dimensions);
        var filled = Stopwatch.GetTimestamp();
        for (var i = 0; i < vectors / OfFile; i++)
        {
            store.Put($"src/Folder{i % 100}/File{i}.cs", Random(random, OfFile));
        }

        Console.WriteLine(
            $"{store.Count} vectors put in {Stopwatch.GetElapsedTime(filled).TotalMilliseconds:0} ms, {store.Bytes / 1e6:0.0} MB"
        );
        var took = new double[Queries];
        for (var i = -50; i < Queries; i++)
        {
            var query = Random(random, 1);
            var began = Stopwatch.GetTimestamp();
            store.Search(query, 50, "src/Folder1/File1.cs");
            if (i >= 0)
            {
                took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }

        Array.Sort(took);
        Console.WriteLine($"search: p50 {took[Queries / 2]:0.00} ms, p95 {took[Queries * 95 / 100]:0.00} ms, {Queries} queries");
        return 0;
    }

    private static sbyte[] Random(Random random, int count)
    {
        var vectors = new sbyte[count * Dimensions];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = (sbyte)random.Next(-30, 31);
        }

        return vectors;
    }
}
