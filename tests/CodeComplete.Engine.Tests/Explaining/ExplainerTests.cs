using System.Globalization;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Explaining;

/// <summary>What is said of a place, at a seeded place of the sample.</summary>
public class ExplainerTests(SampleEngine sample, ITestOutputHelper output)
{
    private const int Seed = 9;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_names_and_every_piece_of_the_prompt_are_told()
    {
        var place = SamplePlace.Draw(40, Seed).First(static place => place.Line > 20 && place.Rest.EndsWith(';'));

        var explanation = await ExplainAsync(place, new ExplainOptions { WithLines = true });

        Assert.Contains(place.Written, explanation.Names!);
        Assert.True(explanation.Lines.Count is >= 1 and <= 3, $"{place}: {explanation.Lines.Count} lines, {explanation.Objection}");
        Assert.All(
            explanation.Lines,
            static line => Assert.True(line is { Verified: true, Probability: > 0 and <= 1 } && line.Lowest <= line.Probability)
        );
        Assert.Equal(explanation.Recalled.Count, explanation.Prompt.Count(static part => part.Kind == ExplainedPartKind.Snippet));
        var lines = explanation.Prompt.Where(static part => part.Kind == ExplainedPartKind.Line).ToList();
        Assert.Equal(place.Text.Split('\n')[place.Line][..place.Character], lines[^1].Text);
        Assert.Null(lines[^1].Fall);
        Assert.Contains(lines, static line => line.Fall is > 0.01 or < -0.01);
    }

    [Fact]
    public async Task The_attention_is_shared_out_over_the_prompt_and_most_of_it_goes_to_the_line_that_is_repeated()
    {
        var file = Path.Combine(SampleEngine.Root, "src", "Clinic.Kiosk", "WaitingRoom.cs");
        var text = await File.ReadAllTextAsync(file, Cancellation);
        var (row, line) = text.Split('\n')
            .Index()
            .Single(static line => line.Item.Contains("var pet = await pets.", StringComparison.Ordinal));
        var character = line.IndexOf("pets.", StringComparison.Ordinal) + "pets.".Length;
        var rest = line[character..].TrimEnd();
        var place = new SamplePlace(
            file,
            text.Replace(line, line[..character], StringComparison.Ordinal),
            row,
            character,
            "GetAsync",
            rest
        );

        var explanation = await ExplainAsync(place, new ExplainOptions());
        var late = await ExplainAsync(place, new ExplainOptions { Layers = new LayerRange(30, 30) });
        var none = await ExplainAsync(place, new ExplainOptions { Layers = new LayerRange(20, 31) });

        Assert.Null(explanation.NoAttention);
        Assert.Equal(new LayerRange(11, 20), explanation.Layers);
        Assert.All(
            explanation.Prompt,
            static part =>
            {
                Assert.Equal(part.Text.Split('\n').Length, part.LineAttention.Count);
                Assert.InRange(part.LineAttention.Sum(), 0, part.Attention!.Value + 1e-6);
            }
        );
        Assert.InRange(explanation.Prompt.Sum(static part => part.Attention!.Value), 0.8, 1);
        // GetAsync(appointment.PetId, cancellationToken) is written as GetAsync(appointment.OwnerId, cancellationToken) was a line above.
        var (above, most) = (explanation.Prompt[^2], explanation.Prompt.SkipLast(1).MaxBy(static part => part.LineAttention.Max()));
        Assert.Contains("owners.GetAsync(", above.Text, StringComparison.Ordinal);
        Assert.Same(above, most);
        Assert.NotEqual(explanation.Prompt[^2].Attention, late.Prompt[^2].Attention);
        Assert.Equal("Where the model looks is not shown: it has the layers 1 to 30, and 20 to 31 were asked for.", none.NoAttention);
        Assert.All(none.Prompt, static part => Assert.Null(part.Attention));
    }

    [Fact]
    public async Task Without_the_snippet_that_gets_most_attention_a_suggestion_loses_more_than_without_another()
    {
        // Few cases would say nothing of the mean, and so many take five minutes.
        Assert.SkipUnless(LongTests.Wanted, "Only the long tests ask for fifty explanations.");
        const int wanted = 50;
        var (most, another) = (new List<double>(), new List<double>());
        // Shorter prompts have fewer snippets, and more places are asked for then.
        foreach (var place in Enumerable.Range(Seed, 5).SelectMany(static seed => SamplePlace.Draw(4 * wanted, seed)))
        {
            var explanation = await ExplainAsync(place, new ExplainOptions());
            var falls = explanation
                .Prompt.Where(static part => part is { Kind: ExplainedPartKind.Snippet, Fall: not null, Attention: not null })
                .OrderByDescending(static part => part.Attention)
                .Select(static part => part.Fall!.Value)
                .ToList();
            if (falls.Count < 2)
            {
                continue;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{place}: {falls[0]:0.00}, {falls.Skip(1).Average():0.00}"));
            most.Add(falls[0]);
            another.Add(falls.Skip(1).Average());
            if (most.Count == wanted)
            {
                break;
            }
        }

        Assert.Equal(wanted, most.Count);
        Assert.True(most.Average() > another.Average(), $"{most.Average()} and {another.Average()} nats");
    }

    private async Task<Explanation> ExplainAsync(SamplePlace place, ExplainOptions options)
    {
        sample.Engine.Open(place.File, 1, place.Text);
        try
        {
            var explanation = await sample.Engine.ExplainAsync(
                new GhostRequest(place.File, new Position(place.Line, place.Character), Invoked: true),
                options,
                Cancellation
            );
            return explanation!;
        }
        finally
        {
            sample.Engine.Close(place.File);
        }
    }
}
