using CodeComplete.Memory.Vectors;
using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class VectorTests
{
    private const int Dimensions = 64;

    private static readonly Gen<sbyte> Component = Gen.Frequency(
        (8, Gen.Int[-127, 127].Select(i => (sbyte)i)),
        (1, Gen.Const((sbyte)127)),
        (1, Gen.Const((sbyte)-127))
    );

    [Fact]
    public void Every_way_to_multiply_gives_the_exact_product()
    {
        var pair = Gen.Int[1, 12]
            .SelectMany(steps => Gen.Select(Component.Array[steps * Int8Dot.Step], Component.Array[steps * Int8Dot.Step]));
        pair.Sample((query, vector) => AssertAllEqual(query, vector, query.Zip(vector, (x, y) => x * y).Sum()));

        // The largest sums, where a type too narrow would overflow.
        sbyte[] highest = [.. Enumerable.Repeat((sbyte)127, 1024)];
        sbyte[] lowest = [.. Enumerable.Repeat((sbyte)-127, 1024)];
        AssertAllEqual(highest, highest, 1024 * 127 * 127);
        AssertAllEqual(highest, lowest, -1024 * 127 * 127);
        AssertAllEqual(lowest, lowest, 1024 * 127 * 127);
    }

    [Fact]
    public void The_nearest_are_found_whatever_was_put_and_removed_before()
    {
        var vectors = Gen.Int[0, 4].SelectMany(count => Component.Array[count * Dimensions]);
        var step = Gen.Select(Gen.Int[0, 7], vectors, Gen.Int[0, 3]);
        Gen.Select(step.List[1, 40], Component.Array[Dimensions], Gen.Int[1, 12])
            .Sample(
                (steps, query, take) =>
                {
                    var store = new VectorStore(Dimensions);
                    var files = new Dictionary<string, sbyte[]>();
                    foreach (var (file, content, action) in steps)
                    {
                        var path = $"F{file}.cs";
                        if (action == 0)
                        {
                            Assert.Equal(files.Remove(path), store.Remove(path));
                        }
                        else
                        {
                            files[path] = content;
                            store.Put(path, content);
                        }
                    }

                    Assert.Equal(files.Values.Sum(v => v.Length / Dimensions), store.Count);
                    Assert.Equal(Nearest(files, query, take, withoutPath: null), store.Search(query, take));
                    Assert.Equal(Nearest(files, query, take, "F3.cs"), store.Search(query, take, "F3.cs"));
                }
            );
    }

    [Fact]
    public void Many_vectors_are_searched_as_few_are()
    {
        // More than two chunks, many of them equal.
        var random = new Random(5);
        var files = Enumerable
            .Range(0, 1000)
            .ToDictionary(i => $"F{i}.cs", i => Random(random, i % 7 == 0 ? 1 : 11, levels: i % 2 == 0 ? 1 : 127));
        var store = new VectorStore(Dimensions);
        foreach (var (path, vectors) in files)
        {
            store.Put(path, vectors);
        }

        var full = store.Bytes;
        foreach (var path in files.Keys.Where((_, i) => i % 3 != 0).ToList())
        {
            files.Remove(path);
            store.Remove(path);
        }

        for (var i = 0; i < 10; i++)
        {
            var query = Random(random, 1, levels: 1 + i);
            Assert.Equal(Nearest(files, query, 40, "F30.cs"), store.Search(query, 40, "F30.cs"));
        }

        Assert.True(store.Bytes <= 0.7 * full, $"{store.Bytes} bytes of {full} are still taken");
    }

    [Fact]
    public void Equally_near_vectors_come_by_path_and_number()
    {
        var vectors = new sbyte[2 * Dimensions];
        vectors.AsSpan().Fill(3);
        var store = new VectorStore(Dimensions);
        store.Put("b.cs", vectors);
        store.Put("B.cs", vectors);
        store.Put("a.cs", vectors);

        Assert.Equal(
            [("B.cs", 0), ("B.cs", 1), ("a.cs", 0)],
            store.Search(vectors.AsSpan(0, Dimensions), 3).Select(m => (m.Path, m.Snippet))
        );
    }

    [Fact]
    public async Task Searches_beside_changes_see_whole_files()
    {
        var store = new VectorStore(Dimensions);
        var high = new sbyte[3 * Dimensions];
        high.AsSpan().Fill(127);
        store.Put("Stays.cs", high);
        var query = high[..Dimensions];
        using var done = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    store.Put($"F{i % 5}.cs", high.AsSpan(0, (i % 3) * Dimensions));
                    store.Remove($"F{(i + 2) % 5}.cs");
                }

                done.Cancel();
            },
            TestContext.Current.CancellationToken
        );
        while (!done.IsCancellationRequested)
        {
            var matches = store.Search(query, 100);
            Assert.All(matches, match => Assert.Equal(Dimensions, match.Similarity, 1e-3));
            Assert.Equal([0, 1, 2], matches.Where(match => match.Path == "Stays.cs").Select(match => match.Snippet));
        }

        await writer;
    }

    [Fact]
    public void What_no_quantizer_made_is_refused()
    {
        var store = new VectorStore(Dimensions);
        Assert.Throws<ArgumentException>(() => store.Put("A.cs", new sbyte[Dimensions + 1]));
        Assert.Throws<ArgumentException>(() => store.Put("A.cs", [.. new sbyte[Dimensions - 1], sbyte.MinValue]));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Search(new sbyte[2 * Dimensions], 1));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Quantizing_rounds_and_stays_in_bounds()
    {
        float[] vectors = [0, 1, -1, 0.5f, -0.004f, 2, -3, float.NaN, float.PositiveInfinity, float.NegativeInfinity, .. new float[300], 1];
        var quantized = new sbyte[vectors.Length];

        VectorQuantizer.Quantize(vectors, quantized);

        Assert.Equal([0, 127, -127, 64, -1, 127, -127, 0, 127, -127], quantized[..10]);
        Assert.Equal(127, quantized[^1]);
    }

    private static void AssertAllEqual(sbyte[] query, sbyte[] vector, int expected)
    {
        short[] wide = [.. query];
        Assert.Equal(expected, Int8Dot.Reference(wide, vector));
        Assert.Equal(expected, Int8Dot.Dot(wide, vector));
        Assert.Equal(expected, Int8Dot.Portable(wide, vector));
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            Assert.Equal(expected, Int8Dot.Avx256(wide, vector));
        }

        if (System.Runtime.Intrinsics.X86.Avx512BW.IsSupported)
        {
            Assert.Equal(expected, Int8Dot.Avx512(wide, vector));
        }
    }

    private static List<VectorMatch> Nearest(Dictionary<string, sbyte[]> files, sbyte[] query, int take, string? withoutPath) =>
        [
            .. files
                .Where(file => file.Key != withoutPath)
                .SelectMany(file =>
                    file.Value.Chunk(Dimensions).Select((vector, i) => (file.Key, i, query.Zip(vector, (x, y) => x * y).Sum()))
                )
                .OrderByDescending(match => match.Item3)
                .ThenBy(match => match.Key, StringComparer.Ordinal)
                .ThenBy(match => match.i)
                .Take(take)
                .Select(match => new VectorMatch(match.Key, match.i, match.Item3 / (127f * 127f))),
        ];

    private static sbyte[] Random(Random random, int count, int levels) =>
        [.. Enumerable.Range(0, count * Dimensions).Select(_ => (sbyte)random.Next(-levels, levels + 1))];
}
