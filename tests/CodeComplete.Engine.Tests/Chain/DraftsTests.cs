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
    public void What_was_written_a_moment_ago_is_drafted_whole_where_the_prompt_knows_no_longer_repeat()
    {
        var recent = new RecentWriting();
        var drafts = new Drafts(project: null, recent);
        drafts.Written([50, 51, 52, 60, 61, 62, 63, 64], 3);
        // Behind the same prompt, and where what was typed since went another way.
        Assert.Equal([60, 61, 62, 63, 64], drafts.Propose([40, 51, 52]));
        Assert.Equal([62, 63, 64], drafts.Propose([50, 51, 52, 99, 61]));
        Assert.Empty(drafts.Propose([60, 99]));
        // The prompt repeats more.
        Assert.Equal([7, 51, 52], drafts.Propose([1, 51, 52, 7, 51, 52, 1, 51, 52]));
        // Of equally long ones the last.
        drafts.Written([50, 51, 52, 70], 3);
        Assert.Equal([70], drafts.Propose([51, 52]));
        // Nothing was written.
        drafts.Written([51, 52], 2);
        Assert.Equal([70], drafts.Propose([51, 52]));
    }

    [Fact]
    public void Of_what_was_written_the_last_sixteen_answers_are_kept_and_eight_tokens_before_each()
    {
        var recent = new RecentWriting();
        for (var answer = 0; answer < 17; answer++)
        {
            recent.Add([.. Enumerable.Range(1000 * answer, 40)], 20);
        }

        Assert.Empty(recent.Propose([20], 0));
        Assert.Equal(Enumerable.Range(1021, 8), recent.Propose([1020], 0));
        Assert.Equal(Enumerable.Range(1013, 8), recent.Propose([1012], 0));
        Assert.Empty(recent.Propose([1011], 0));
        Assert.Empty(recent.Propose([1020], 2));
        Assert.Empty(recent.Propose([], 0));
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
