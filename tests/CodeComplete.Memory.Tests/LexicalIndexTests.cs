using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class LexicalIndexTests
{
    private static readonly string[] Words =
    [
        "orderLine",
        "OrderLine",
        "Invoice",
        "invoiceTotal",
        "Customer",
        "customerName",
        "Warehouse",
        "shelf",
        "Sku",
    ];

    [Fact]
    public void The_answer_depends_on_what_is_there_and_not_on_how_it_came()
    {
        var text = Any.Of(Words)
            .Array[1, 60]
            .Select(words => string.Join('\n', words.Chunk(3).Select(line => string.Join('.', line) + ";")));
        var step = Gen.Select(Gen.Int[0, 9], text, Gen.Bool);
        step.List[1, 60]
            .Sample(steps =>
            {
                var changed = new LexicalIndex();
                var last = new Dictionary<string, CutFile>();
                foreach (var (file, content, remove) in steps)
                {
                    var path = $"F{file}.cs";
                    if (remove)
                    {
                        Assert.Equal(last.Remove(path), changed.Remove(path));
                    }
                    else
                    {
                        last[path] = Cut(path, content);
                        changed.Put(last[path]);
                    }
                }

                var fresh = new LexicalIndex();
                foreach (var file in last.Values)
                {
                    fresh.Put(file);
                }

                Assert.Equal(fresh.Size, changed.Size);
                AssertSame(fresh, changed);
            });
    }

    [Fact]
    public void A_file_put_a_thousand_times_takes_the_room_of_one()
    {
        var index = new LexicalIndex();
        var fresh = new LexicalIndex();
        var other = Cut("Other.cs", Samples.Discounts);
        var final = Cut("Edited.cs", Samples.Synthetic(0, members: 40));
        index.Put(other);
        fresh.Put(other);
        fresh.Put(final);

        // Over 40,000 snippet numbers are used up, so the numbering is closed up several times.
        for (var i = 1000; i >= 0; i--)
        {
            index.Put(i == 0 ? final : Cut("Edited.cs", Samples.Synthetic(i, members: 40)));
        }

        Assert.Equal(fresh.Size, index.Size);
        var query = QueryWords.Of("Compute0x7(seed7, operand) ApplyDiscount Scale Offset0");
        var expected = fresh.Search(query, "", 50);
        Assert.NotEmpty(expected.Candidates);
        Assert.Equal(expected.Candidates, index.Search(query, "", 50).Candidates);
    }

    [Fact]
    public void The_best_few_are_the_first_of_all()
    {
        var index = new LexicalIndex();
        for (var i = 0; i < 30; i++)
        {
            index.Put(Cut($"F{i}.cs", string.Join('\n', Enumerable.Range(0, i + 1).Select(j => $"Target(alpha{i}, beta{j % 3});"))));
        }

        var query = QueryWords.Of("Target beta1 alpha7");
        var all = index.Search(query, "", 1000).Candidates;

        Assert.Equal(all.Take(7), index.Search(query, "", 7).Candidates);
        Assert.Equal(all.OrderByDescending(candidate => candidate.Score), all);
    }

    [Fact]
    public void A_word_of_every_fifth_snippet_is_not_looked_up_in_a_large_memory()
    {
        var index = new LexicalIndex();
        for (var i = 0; i < 1200; i++)
        {
            index.Put(Cut($"F{i}.cs", $"Logger.Write(alpha{i});"));
        }

        Assert.Empty(index.Search(QueryWords.Of("Logger.Write("), "", 10).Candidates);
        Assert.Equal("F77.cs", Assert.Single(index.Search(QueryWords.Of("Logger.Write(alpha77)"), "", 10).Candidates).File.Path);
    }

    private static CutFile Cut(string path, string text) => SnippetCutter.Cut(path, SnippetCutter.Hash(text), FileStamp.None, text);

    private static void AssertSame(LexicalIndex expected, LexicalIndex actual)
    {
        foreach (var word in Words)
        {
            var query = QueryWords.Of(word + " Invoice shelf");
            Assert.Equal(expected.Search(query, "F3.cs", 20).Candidates, actual.Search(query, "F3.cs", 20).Candidates);
            Assert.Equal(expected.Search(query, "F3.cs", 20).Weights, actual.Search(query, "F3.cs", 20).Weights);
        }
    }
}
