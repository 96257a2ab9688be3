using CodeComplete.Memory.Recalling;

namespace CodeComplete.Memory.Tests.Recalling;

public sealed class FusionTests
{
    [Fact]
    public void What_two_sources_found_comes_before_what_one_found()
    {
        var fused = Fuse(
            [Found(RecallSources.Lexical, "A.cs", 0), Found(RecallSources.Lexical, "B.cs", 0)],
            [Found(RecallSources.Usages, "B.cs", 5)]
        );

        Assert.Equal(["B.cs", "A.cs"], fused.Select(static found => found.Hit.Path));
        Assert.Equal(RecallSources.Lexical | RecallSources.Usages, fused[0].Sources);
    }

    [Fact]
    public void Overlapping_windows_of_one_source_stay_apart()
    {
        var fused = Fuse([Found(RecallSources.Lexical, "A.cs", 0), Found(RecallSources.Lexical, "A.cs", 6)]);

        Assert.Equal([0, 6], fused.Select(static found => found.Hit.StartLine));
    }

    [Fact]
    public void A_source_without_weight_is_not_heard()
    {
        var fused = Fusion.Fuse(
            [
                [Found(RecallSources.Lexical, "A.cs", 0)],
            ],
            static _ => 0
        );

        Assert.Empty(fused);
    }

    [Fact]
    public void Equal_votes_are_ordered_by_path_and_line_whatever_came_first()
    {
        IReadOnlyList<Hit> b = [Found(RecallSources.Lexical, "B.cs", 0)];
        IReadOnlyList<Hit> a = [Found(RecallSources.Usages, "A.cs", 0)];

        Assert.Equal(["A.cs", "B.cs"], Fuse(a, b).Select(static found => found.Hit.Path));
        Assert.Equal(["A.cs", "B.cs"], Fuse(b, a).Select(static found => found.Hit.Path));
    }

    [Fact]
    public void Reasons_of_all_sources_are_kept_and_the_better_coverage_counts()
    {
        var weak = Found(RecallSources.Lexical, "A.cs", 0) with { Coverage = 0.1, Reason = null };
        var sure = Found(RecallSources.Signatures, "A.cs", 2) with { Coverage = 1, Reason = "declares Money" };

        var only = Assert.Single(Fuse([weak], [sure]));

        Assert.Equal(1, only.Hit.Coverage);
        Assert.Equal(["declares Money"], only.Reasons);
    }

    private static List<Fusion.Fused> Fuse(params IReadOnlyList<Hit>[] rankings) => Fusion.Fuse(rankings, static _ => 1);

    private static Hit Found(RecallSources source, string path, int line) =>
        new()
        {
            Source = source,
            Path = path,
            StartLine = line,
            Lines = 12,
            Text = static () => "",
        };
}
