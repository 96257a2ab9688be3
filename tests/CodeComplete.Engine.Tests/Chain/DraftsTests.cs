using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Tests.Chain;

/// <summary>What is guessed to come next, from the prompt and from the project.</summary>
public class DraftsTests
{
    [Fact]
    public void What_followed_the_same_tokens_in_the_prompt_is_drafted_as_long_as_they_are()
    {
        var drafts = new Drafts(project: null);

        Assert.Equal([4, 5], drafts.Propose([9, 2, 3, 4, 5, 6, 7, 8, 2, 3]));
        Assert.Equal([4, 5, 6], drafts.Propose([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3]));
        Assert.Equal([4], drafts.Propose([3, 4, 5, 6, 1, 3]));
    }

    [Fact]
    public void The_longest_repeat_counts_and_of_equal_ones_the_last()
    {
        var drafts = new Drafts(project: null);

        Assert.Equal([4, 9, 2], drafts.Propose([1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3]));
        Assert.Equal([5, 7], drafts.Propose([2, 3, 4, 6, 2, 3, 5, 7, 2, 3]));
    }

    [Fact]
    public void At_most_eight_are_drafted_and_a_round_goes_on()
    {
        var drafts = new Drafts(project: null);

        Assert.Equal([7, 7, 7], drafts.Propose([1, 7, 7, 7, 7]));
        Assert.Equal(8, drafts.Propose([.. Enumerable.Range(1, 20), .. Enumerable.Range(1, 12)]).Count);
        Assert.Empty(drafts.Propose([1, 2, 3]));
        Assert.Empty(drafts.Propose([1]));
        Assert.Empty(drafts.Propose([]));
    }

    [Fact]
    public void The_project_is_asked_where_the_prompt_repeats_hardly_anything()
    {
        var project = new NgramStore("t");
        for (var i = 0; i < 5; i++)
        {
            project.Add([7, 2, 3, 30, 31]);
        }

        var drafts = new Drafts(project);

        Assert.Equal([30, 31], drafts.Propose([5, 2, 3]));
        Assert.Equal([30, 31], drafts.Propose([3, 4, 5, 2, 3]));
        Assert.Equal([4, 5], drafts.Propose([2, 3, 4, 5, 2, 3]));
        Assert.Equal([9], drafts.Propose([8, 9, 1, 8]));
    }
}
