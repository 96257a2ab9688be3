using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;

namespace CodeComplete.Engine.Tests.Learning;

/// <summary>The memory asked again as if the line that the model wrote stood there, on the sample.</summary>
public sealed class SecondRecallTests(SampleEngine sample) : IDisposable
{
    private const string Source = """
        namespace Clinic.Domain.Billing;

        public class Till
        {
            public void Close(Payment payment)
            {
                $0
            }

            public void Open()
            {
            }
        }
        """;

    // Nothing above it speaks of these.
    private const string Line = "var left = StockLedger.Reorder(StockItem.Of(medicine), ReorderPolicy.Default);";

    private CompletionEngine Engine => sample.Engine;

    private static string File => Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Billing", "Payment.cs");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Engine.Close(File);

    [Fact]
    public async Task What_a_line_names_is_recalled_with_it_and_stays_while_the_cursor_is_in_the_member()
    {
        var (model, snapshot, cursor) = await OpenAsync();
        var first = Recall(cursor);
        Assert.False(first.IsSecond);
        Assert.DoesNotContain(first.Snippets, static snippet => snippet.Path.Contains("/Pharmacy/", StringComparison.Ordinal));

        var behind = await SecondRecall.BehindAsync(snapshot, cursor, Line, Cancellation);
        Assert.Equal(cursor.Context.Offset + Line.Length, behind.Context.Offset);
        var second = Engine.Recaller.RecallWith(File, behind, cursor, model.Prompts);
        Assert.NotNull(second);
        Assert.Contains(second, static snippet => snippet.Path.Contains("/Pharmacy/", StringComparison.Ordinal));

        var kept = Recall(cursor);
        Assert.True(kept.IsSecond);
        Assert.Equal(second, kept.Snippets);
        Assert.Null(Engine.Recaller.RecallWith(File, behind, cursor, model.Prompts));

        var elsewhere = snapshot.TextOf().IndexOf("Open()", StringComparison.Ordinal) + "Open()\n    {\n".Length;
        Assert.False(Recall(await CursorAnalysis.AtAsync(snapshot, elsewhere, Cancellation)).IsSecond);

        Recalled Recall(CursorAnalysis at) => Engine.Recaller.Recall(File, at.Text, at.Context, model.Prompts);
    }

    [Fact]
    public async Task What_would_be_recalled_anyway_needs_no_second_prompt()
    {
        var (model, snapshot, cursor) = await OpenAsync();
        Engine.Recaller.Recall(File, cursor.Text, cursor.Context, model.Prompts);
        var behind = await SecondRecall.BehindAsync(snapshot, cursor, " ", Cancellation);
        Assert.Null(Engine.Recaller.RecallWith(File, behind, cursor, model.Prompts));
    }

    [Fact]
    public async Task Who_has_time_gets_what_is_written_with_it_and_who_has_none_finds_it_when_it_has_been_quiet()
    {
        var (_, _, cursor) = await OpenAsync("var ");
        var position = PositionOf(cursor.Context.Offset);
        var read = new TaskCompletionSource();
        Action done = () => read.TrySetResult();
        Engine.ReadAgain += done;
        var quick = await Engine.CompleteInlineAsync(new GhostRequest(File, position), Cancellation);
        Assert.True(quick.MayImprove, quick.Why ?? quick.Ghost?.Text);
        await read.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Engine.ReadAgain -= done;

        Engine.Change(File, 2, [new DocumentEdit(new TextRange(position, position), "r")]);
        var next = await Engine.CompleteInlineAsync(
            new GhostRequest(File, position with { Character = position.Character + 1 }, Invoked: true),
            Cancellation
        );
        Assert.False(next.MayImprove);
        Assert.InRange(next.Decoding.Reused, next.Decoding.Prompt - 2, next.Decoding.Prompt);

        Engine.Close(File);
        await OpenAsync("var ");
        var thorough = await Engine.CompleteInlineAsync(new GhostRequest(File, position) { Thorough = true }, Cancellation);
        Assert.False(thorough.MayImprove);
        // Two prompts were read.
        Assert.True(
            thorough.Decoding.Prompt > quick.Decoding.Prompt * 3 / 2,
            $"{quick.Decoding.Prompt}, {thorough.Decoding.Prompt} tokens"
        );
    }

    [Theory]
    [InlineData(0.79, "a\nb", "", "a")]
    [InlineData(0.81, "a", "", null)]
    [InlineData(null, "", "c(", "c(")]
    [InlineData(null, "", "\nc", null)]
    [InlineData(null, "", "", null)]
    public void It_is_asked_for_the_likeliest_line_where_the_model_is_unsure_or_nothing_compiles(
        double? lowest,
        string text,
        string likeliest,
        string? asked
    )
    {
        var written = Written(likeliest, lowest is { } least ? [(text, 0.9, least)] : []);
        Assert.Equal(asked, SecondRecall.LineOf(written));
    }

    [Theory]
    [InlineData("a:0.9", "b:0.8", 1, "a")]
    [InlineData("a:0.8", "b:0.8", 1, "b")]
    [InlineData("a:0.9", "", 1, "a")]
    [InlineData("", "b:0.1", 1, "b")]
    [InlineData("", "", 1, "")]
    [InlineData("a:0.9", "b:0.8 c:0.7 d:0.6", 3, "a b c")]
    [InlineData("a:0.9", "b:0.8 a:0.7", 3, "a b")]
    [InlineData("a:0.9", "ab:0.8 c:0.7", 3, "a c")]
    [InlineData("a:0.7", "b:0.8 c:0.1", 3, "b c")]
    public void Of_what_is_written_without_it_and_with_it_the_likelier_line_comes_first(string first, string second, int most, string shown)
    {
        var both = Of(first).OrLikelier(Of(second), most);
        Assert.Equal(shown, string.Join(' ', both.Lines.Select(static line => line.Verdict.Text)));
        Assert.Equal(2, both.Counts.Calls);
        Assert.Equal(2, both.Timings.Decode);

        static WrittenLines Of(string lines) =>
            Written(
                "",
                [
                    .. lines
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(static line => line.Split(':'))
                        .Select(static parts => (parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture), 0.1)),
                ]
            );
    }

    private static WrittenLines Written(string likeliest, (string Text, double Probability, double Lowest)[] lines) =>
        new(
            [
                .. lines.Select(static line => new WrittenLine(
                    new Verdict(line.Text, Verified: true, WasCut: false),
                    line.Probability,
                    line.Lowest
                )),
            ],
            likeliest,
            Transformer.EndReason.Stop,
            null,
            new StageTimings { Decode = 1 },
            new DecodingCounts { Calls = 1 }
        );

    /// <param name="begun">What stands on the line left of the cursor.</param>
    private async Task<(Startup.LoadedModel Model, DocumentSnapshot Snapshot, CursorAnalysis Cursor)> OpenAsync(string begun = "")
    {
        // Another test asked in this very member, and what it was given last is kept.
        Engine.Recaller.Forget();
        var offset = Source.IndexOf("$0", StringComparison.Ordinal) + begun.Length;
        Engine.Open(File, 1, Source.Replace("$0", begun, StringComparison.Ordinal));
        Assert.Empty(await Engine.WhenReadyAsync(File, TimeSpan.FromMinutes(5), Cancellation));
        var model = (await Engine.WhenModelLoaded)!;
        var snapshot = Engine.Workspace.Take(File)!;
        return (model, snapshot, await CursorAnalysis.AtAsync(snapshot, offset, Cancellation));
    }

    private Position PositionOf(int offset) => Engine.Workspace.Take(File)!.PositionOf(offset);
}
