using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class NgramTests
{
    private static readonly Gen<int[]> Tokens = Gen.Int[0, 6].Array[0, 40];

    [Fact]
    public void Subtracting_undoes_adding_to_the_last_count()
    {
        Gen.Select(Tokens.List[0, 6], Tokens.List[0, 6])
            .Sample(
                (kept, removed) =>
                {
                    var only = Store(kept);
                    var both = Store([.. removed, .. kept]);
                    removed.ForEach(tokens => both.Subtract(tokens));

                    Assert.Equal(only.Count, both.Count);
                    Assert.Equal(only.Save(), both.Save());
                    Assert.Equal(Propose(only, [1, 2]), Propose(both, [1, 2]));
                }
            );
    }

    [Fact]
    public void What_is_not_there_can_be_subtracted_and_leaves_nothing_owed()
    {
        var store = new NgramStore("t");
        store.Subtract([1, 2, 3, 4]);
        store.Add([1, 2, 3, 4]);

        Assert.Equal(
            Store([
                    [1, 2, 3, 4],
                ])
                .Save(),
            store.Save()
        );
    }

    [Fact]
    public void A_run_seen_before_is_proposed_as_far_as_it_goes()
    {
        var store = Store([
            [1, 2, 3, 4, 5, 6, 7, 8],
            [1, 2, 3, 4, 5, 6, 7, 8],
        ]);

        Assert.Equal([3, 4, 5], Propose(store, [9, 1, 2], most: 3));
        Assert.Equal([7, 8], Propose(store, [4, 5, 6]));
        Assert.Empty(Propose(store, [7, 8]));
        Assert.Empty(Propose(store, [9]));
        Assert.Empty(Propose(store, []));
    }

    [Fact]
    public void The_longest_context_decides()
    {
        var store = Store([.. Enumerable.Repeat(new[] { 1, 2, 3 }, 20), [7, 8, 1, 2, 9], [7, 8, 1, 2, 9]]);

        Assert.Equal([3], Propose(store, [5, 6, 1, 2]));
        Assert.Equal([9], Propose(store, [7, 8, 1, 2]));
    }

    [Fact]
    public void Nothing_is_proposed_where_many_things_follow()
    {
        var store = Store([.. Enumerable.Range(10, 8).Select(next => new[] { 1, 2, next })]);
        Assert.Empty(Propose(store, [1, 2]));

        // Often enough, one of them is.
        for (var i = 0; i < 30; i++)
        {
            store.Add([1, 2, 13]);
        }

        Assert.Equal([13], Propose(store, [1, 2]));
    }

    [Fact]
    public void Of_equally_frequent_tokens_the_order_of_adding_chooses_none()
    {
        var one = Store([
            [1, 2, 30],
            [1, 2, 20],
            [5, 6, 7],
            [5, 6, 7],
        ]);
        var other = Store([
            [5, 6, 7],
            [1, 2, 20],
            [5, 6, 7],
            [1, 2, 30],
        ]);

        Assert.Equal(one.Save(), other.Save());
        Assert.Equal(Propose(one, [1, 2]), Propose(other, [1, 2]));
    }

    [Fact]
    public void The_memory_is_bounded_and_the_frequent_stays()
    {
        const int MostBytes = 128 << 10;
        var store = new NgramStore("t", MostBytes);
        int[] frequent = [1, 2, 3, 4, 5, 6];
        var random = new Random(11);
        for (var i = 0; i < 200; i++)
        {
            store.Add(frequent);
            store.Add([.. Enumerable.Range(0, 300).Select(_ => random.Next(100, NgramStore.LargestToken))]);
            Assert.InRange(store.Bytes, 0, MostBytes);
        }

        Assert.InRange(store.Count, MostBytes / 8 / 4, MostBytes / 8);
        Assert.Equal([3, 4, 5, 6], Propose(store, [1, 2]));
    }

    [Fact]
    public void Files_that_come_and_go_leave_no_room_taken()
    {
        var store = new NgramStore("t", 64 << 10);
        store.Add([1, 2, 3]);
        store.Add([1, 2, 3]);
        var random = new Random(12);
        for (var i = 0; i < 300; i++)
        {
            int[] file = [.. Enumerable.Range(0, 400).Select(_ => random.Next(1000))];
            store.Add(file);
            store.Subtract(file);
        }

        Assert.Equal(
            Store([
                    [1, 2, 3],
                    [1, 2, 3],
                ])
                .Save(),
            store.Save()
        );
        Assert.Equal([3], Propose(store, [1, 2]));
    }

    [Fact]
    public void What_is_saved_is_loaded()
    {
        Tokens
            .List[0, 8]
            .Sample(files =>
            {
                var store = Store(files);
                var loaded = NgramStore.Load(store.Save(), "t");

                Assert.Equal(store.Count, loaded.Count);
                Assert.Equal(store.Save(), loaded.Save());
                files.ForEach(tokens => loaded.Subtract(tokens));
                Assert.Equal(0, loaded.Count);
            });
    }

    [Fact]
    public void A_large_store_is_loaded_into_a_table_of_its_size()
    {
        // In the order of their hashes: a table that grew on the way would hold them in one run, and this test would take minutes.
        var store = new NgramStore("t");
        var random = new Random(5);
        store.Add([.. Enumerable.Range(0, 200_000).Select(_ => random.Next(5000))]);

        var loaded = NgramStore.Load(store.Save(), "t");

        Assert.Equal(store.Count, loaded.Count);
        Assert.Equal(store.Bytes, loaded.Bytes);
        Assert.Equal(store.Save(), loaded.Save());
    }

    [Fact]
    public void Damaged_and_foreign_counts_are_refused()
    {
        var saved = Store([
                [1, 2, 3, 4, 5],
            ])
            .Save();

        Assert.Throws<InvalidDataException>(() => NgramStore.Load(saved, "another"));
        for (var length = 0; length < saved.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => NgramStore.Load(saved.AsSpan(0, length), "t"));
        }

        for (var i = 0; i < saved.Length; i++)
        {
            var damaged = saved.ToArray();
            damaged[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => NgramStore.Load(damaged, "t"));
        }
    }

    [Fact]
    public void Ids_too_large_to_be_counted_are_passed_over()
    {
        var store = Store([
            [1, 2, NgramStore.LargestToken, 1, 2, NgramStore.LargestToken],
        ]);
        Assert.Equal(NgramStore.LargestToken, Propose(store, [1, 2])[0]);

        var outside = Store([
            [1, NgramStore.LargestToken + 1],
            [1, -1],
        ]);
        Assert.Equal(0, outside.Count);
        Assert.Empty(Propose(outside, [-1, int.MaxValue]));
    }

    [Fact]
    public async Task Readers_beside_the_writer_see_only_what_was_there()
    {
        var store = new NgramStore("t", 64 << 10);
        store.Add([1, 2, 3, 4]);
        store.Add([1, 2, 3, 4]);
        using var done = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                var random = new Random(13);
                for (var i = 0; i < 300; i++)
                {
                    int[] file = [.. Enumerable.Range(0, 300).Select(_ => 100 + random.Next(5000))];
                    store.Add(file);
                    store.Subtract(file);
                }

                done.Cancel();
            },
            TestContext.Current.CancellationToken
        );
        while (!done.IsCancellationRequested)
        {
            Assert.Equal([3, 4], Propose(store, [1, 2]));
        }

        await writer;
    }

    private static NgramStore Store(IEnumerable<int[]> files)
    {
        var store = new NgramStore("t");
        foreach (var tokens in files)
        {
            store.Add(tokens);
        }

        return store;
    }

    private static int[] Propose(NgramStore store, int[] last, int most = 8)
    {
        var proposed = new int[most];
        return proposed[..store.Propose(last, proposed)];
    }
}
