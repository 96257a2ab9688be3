using CodeComplete.Engine.Inline;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>Requests against a whole engine on the sample: versions, continuing, places without an answer, learning.</summary>
public sealed class EngineRequestTests(SampleEngine sample) : IDisposable
{
    private const string Source = """
        namespace Clinic.Domain.Billing;

        public class Till
        {
            private readonly List<decimal> _amounts = new();

            public decimal Total()
            {
                return _amounts.$0
            }
        }
        """;

    private CompletionEngine Engine => sample.Engine;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Engine.Close(Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Billing", "Payment.cs"));

    [Fact]
    public async Task Ghost_text_names_a_member_and_compiles()
    {
        var (file, position) = Open(Source);

        var answer = await Engine.CompleteInlineAsync(new GhostRequest(file, position, Invoked: true), Cancellation);

        Assert.True(answer.Ghost is not null, answer.Why);
        Assert.Equal(new TextRange(position, position), answer.Ghost.Range);
        Assert.InRange(answer.Ghost.Probability, 0.0, 1.0);
        Assert.True(answer.Timings.Total > 0);
    }

    [Fact]
    public async Task A_newer_edit_ends_ghost_text()
    {
        var (file, position) = Open(Source);

        var answer = Engine.CompleteInlineAsync(new GhostRequest(file, position), Cancellation);
        Engine.Change(file, 2, [new DocumentEdit(new TextRange(default, default), "// newer\n")]);

        Assert.Null((await answer).Ghost);
    }

    [Fact]
    public async Task Where_an_edit_has_settled_the_prompt_is_read_before_anybody_asks()
    {
        var (file, position) = Open(Source.Replace("return _amounts.$0", "return $0", StringComparison.Ordinal));
        var read = new TaskCompletionSource();
        Action done = () => read.TrySetResult();
        Engine.ReadAhead += done;
        Engine.Change(file, 2, [new DocumentEdit(new TextRange(position, position), "_amounts.")]);
        await read.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Engine.ReadAhead -= done;

        var next = position with { Character = position.Character + "_amounts.".Length };
        var answer = await Engine.CompleteInlineAsync(new GhostRequest(file, next, Invoked: true), Cancellation);

        Assert.InRange(answer.Decoding.Reused, answer.Decoding.Prompt - 1, answer.Decoding.Prompt);
    }

    [Fact]
    public async Task Where_the_cursor_rests_the_prompt_is_read_before_anything_is_typed()
    {
        var (file, position) = Open(Source.Replace("return _amounts.$0", "return $0", StringComparison.Ordinal));
        var read = new TaskCompletionSource();
        Action done = () => read.TrySetResult();
        Engine.ReadAhead += done;
        Engine.CursorRests(file, position);
        await read.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Engine.ReadAhead -= done;

        Engine.Change(file, 2, [new DocumentEdit(new TextRange(position, position), "_")]);
        var next = position with { Character = position.Character + 1 };
        var answer = await Engine.CompleteInlineAsync(new GhostRequest(file, next, Invoked: true), Cancellation);

        Assert.InRange(answer.Decoding.Reused, answer.Decoding.Prompt - 2, answer.Decoding.Prompt);
    }

    [Theory]
    [InlineData("x.$0", true)]
    [InlineData("    $0\r\n}", true)]
    [InlineData("f($0);  \nx", true)]
    [InlineData("f($0a);", false)]
    [InlineData("na$0me = 1;", false)]
    [InlineData("$0", true)]
    public void Where_the_cursor_rests_in_the_middle_of_a_line_nothing_is_read(string marked, bool isRead)
    {
        var offset = marked.IndexOf("$0", StringComparison.Ordinal);
        Assert.Equal(isRead, PreReading.IsWhereOneWrites(marked.Remove(offset, 2), offset));
    }

    [Fact]
    public async Task Typing_along_a_suggestion_is_served_from_it_without_decoding()
    {
        var (file, position) = Open(Source);
        var first = (await Engine.CompleteInlineAsync(new GhostRequest(file, position, Invoked: true), Cancellation)).Ghost!;

        Engine.Change(file, 2, [new DocumentEdit(new TextRange(position, position), first.Text[..2])]);
        var next = position with { Character = position.Character + 2 };
        var answer = await Engine.CompleteInlineAsync(new GhostRequest(file, next), Cancellation);

        Assert.Equal(first.Text[2..], answer.Ghost?.Text);
        Assert.Equal(first.Id, answer.Ghost?.Id);
        Assert.Equal(0, answer.Timings.Decode);
    }

    [Fact]
    public async Task What_the_open_list_would_insert_is_extended()
    {
        var (file, position) = Open(
            Source.Replace(
                "    public decimal Total()",
                "    public decimal Mean()\n    {\n        return _amounts.Average();\n    }\n\n    public decimal Total()",
                StringComparison.Ordinal
            )
        );

        var answer = await Engine.CompleteInlineAsync(
            new GhostRequest(file, position, SelectedText: "Sum", SelectedRange: new TextRange(position, position)),
            Cancellation
        );

        Assert.Null(answer.Why);
        Assert.StartsWith("Sum(", answer.Ghost?.Text, StringComparison.Ordinal);
        Assert.Equal(new TextRange(position, position), answer.Ghost?.Range);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(10_000, 0)]
    public async Task A_position_outside_the_file_has_an_empty_answer(int line, int character)
    {
        var (file, _) = Open(Source);
        var position = new Position(line, character);

        Assert.Null((await Engine.CompleteInlineAsync(new GhostRequest(file, position), Cancellation)).Ghost);
        Assert.Empty((await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation)).Items);
    }

    [Fact]
    public async Task An_unknown_document_has_an_empty_answer()
    {
        var file = Path.Combine(SampleEngine.Root, "not-there.cs");

        Assert.Null((await Engine.CompleteInlineAsync(new GhostRequest(file, default), Cancellation)).Ghost);
        Assert.Empty((await Engine.CompleteListAsync(new ListRequest(file, default), Cancellation)).Items);
        Assert.False(Engine.Change(file, 1, []));
    }

    [Theory]
    [InlineData("#if NEVER\nvar x = $0\n#endif")]
    [InlineData("class A { void Me$0thod() { } }")]
    public async Task Where_no_code_may_be_written_nothing_is_offered(string source)
    {
        var (file, position) = Open(source);

        var answer = await Engine.CompleteInlineAsync(new GhostRequest(file, position), Cancellation);

        Assert.Null(answer.Ghost);
        Assert.NotNull(answer.Why);
    }

    [Fact]
    public async Task The_list_stars_what_the_model_expects_and_puts_it_first()
    {
        var (file, position) = Open(Source);

        var list = await Engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), Cancellation);

        Assert.True(list.Items.Count > 10);
        Assert.True(list.Items[0].Starred);
        Assert.InRange(list.Items.Count(i => i.Starred), 1, 5);
        Assert.Equal(list.Items.Select(i => i.SortText), list.Items.Select(i => i.SortText).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(list.Items.Count, list.Items.Select(i => (i.Label, i.LabelDetail, i.Description, i.Kind)).Distinct().Count());
    }

    [Fact]
    public async Task The_order_stays_while_the_user_types_on_in_the_word()
    {
        var (file, position) = Open(Source);
        var first = await Engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), Cancellation);
        var star = first.Items[0];

        Engine.Change(file, 2, [new DocumentEdit(new TextRange(position, position), star.InsertText[..1])]);
        var second = await Engine.CompleteListAsync(
            new ListRequest(file, position with { Character = position.Character + 1 }),
            Cancellation
        );

        Assert.Equal(star.Label, second.Items[0].Label);
        Assert.True(second.Items[0].Starred);
    }

    [Fact]
    public async Task A_list_ends_when_an_edit_leaves_the_word()
    {
        var (file, position) = Open(Source);

        var list = Engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), Cancellation);
        Engine.Change(file, 2, [new DocumentEdit(new TextRange(default, default), "// newer\n")]);

        await Assert.ThrowsAsync<ContentModifiedException>(() => list);
    }

    [Fact]
    public async Task A_list_survives_typing_on_in_its_word()
    {
        var (file, position) = Open(Source);

        var list = Engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), Cancellation);
        Engine.Change(file, 2, [new DocumentEdit(new TextRange(position, position), "S")]);

        Assert.Contains((await list).Items, i => i.Label == "Sum");
    }

    [Fact]
    public async Task An_item_is_resolved_once_it_is_looked_at()
    {
        var (file, position) = Open(Source);
        var list = await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation);

        var detail = await Engine.ResolveAsync(list.Items.First(i => i.Label == "Add").Key, Cancellation);

        Assert.Contains("Add", detail?.Signature, StringComparison.Ordinal);
        Assert.Null(await Engine.ResolveAsync(new ItemKey(long.MaxValue, 0), Cancellation));
        Assert.Null(await Engine.ResolveAsync(list.Items[0].Key with { Index = 100_000 }, Cancellation));
    }

    [Fact]
    public async Task A_list_that_is_cut_keeps_what_is_at_hand()
    {
        var (file, position) = Open(
            """
            using System.ComponentModel;
            using System.Data;
            using System.Diagnostics;
            using System.IO.Compression;
            using System.Net.Sockets;
            using System.Reflection;
            using System.Reflection.Emit;
            using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            using System.Security.Cryptography;
            using System.Text.Json;
            using System.Xml;

            namespace Clinic.Domain.Billing;

            public class Till
            {
                public void Pack(ZLibStream zipped)
                {
                    var zone = 1;
                    $0
                }
            }
            """
        );

        var list = await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation);

        Assert.Equal(1000, list.Items.Count);
        Assert.True(list.IsIncomplete);
        var labels = list.Items.Select(i => i.Label).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "zone", "zipped", "while", "await", "ZLibStream" }, labels);
    }

    [Fact]
    public async Task Only_an_item_that_edits_other_places_brings_edits_when_it_is_resolved()
    {
        var (file, position) = Open(Source.Replace("return _amounts.$0", "return _amounts.Count.$0", StringComparison.Ordinal));
        var members = await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation);
        var cast = members.Items.First(i => i.Label == "(byte");
        Assert.Equal("((byte)_amounts.Count)", cast.InsertText);
        Assert.Equal(new Position(position.Line, position.Character - "_amounts.Count.".Length), cast.Removes?.Start);
        Assert.Empty((await Engine.ResolveAsync(cast.Key, Cancellation))!.AdditionalEdits);

        (file, position) = Open(Source.Replace("return _amounts.$0", "$0", StringComparison.Ordinal));
        var statements = await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation);
        var waiting = statements.Items.First(i => i.Label == "await");
        Assert.True(waiting.NeedsResolve);
        Assert.Contains(
            (await Engine.ResolveAsync(waiting.Key, Cancellation))!.AdditionalEdits,
            e => e.NewText.Contains("async", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task While_paused_nothing_is_offered_and_the_status_says_so()
    {
        var (file, position) = Open(Source);
        try
        {
            Engine.Pause(true);
            var ghost = await Engine.CompleteInlineAsync(new GhostRequest(file, position), Cancellation);
            var list = await Engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), Cancellation);

            Assert.Null(ghost.Ghost);
            Assert.Equal("it is paused", ghost.Why);
            Assert.Empty(list.Items);
            Assert.Equal(EngineState.Paused, Engine.Status.State);
        }
        finally
        {
            Engine.Pause(false);
        }

        Assert.NotEqual(EngineState.Paused, Engine.Status.State);
        // What another test taught may have made the suggestion doubtful; asked for by hand, whatever compiles is shown.
        var resumed = await Engine.CompleteInlineAsync(new GhostRequest(file, position, Invoked: true), Cancellation);
        Assert.True(resumed.Ghost is not null, resumed.Why);
        Assert.NotEmpty((await Engine.CompleteListAsync(new ListRequest(file, position), Cancellation)).Items);
    }

    [Fact]
    public async Task What_is_written_when_the_pause_comes_is_dropped()
    {
        var (file, position) = Open(Source);
        try
        {
            var answer = Engine.CompleteInlineAsync(new GhostRequest(file, position), Cancellation);
            Engine.Pause(true);

            Assert.Null((await answer).Ghost);
        }
        finally
        {
            Engine.Pause(false);
        }
    }

    [Fact]
    public async Task The_client_can_cancel()
    {
        var (file, position) = Open(Source);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Engine.CompleteInlineAsync(new GhostRequest(file, position), cancelled.Token)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Engine.CompleteListAsync(new ListRequest(file, position), cancelled.Token)
        );
    }

    [Fact]
    public async Task An_accepted_suggestion_is_remembered()
    {
        var (file, position) = Open(Source);
        var before = Engine.MemoryStatistics[0].Acceptances;
        var ghost = (await Engine.CompleteInlineAsync(new GhostRequest(file, position, Invoked: true), Cancellation)).Ghost!;

        Engine.Accept(ghost.Id);
        Engine.Accept("nobody knows this one");
        await Engine.Settled;

        Assert.Equal(before + 1, Engine.MemoryStatistics[0].Acceptances);
    }

    /// <summary>A file of the sample's project is open with another text; nothing is ever written to disk.</summary>
    private (string File, Position Position) Open(string source)
    {
        var marked = Marked.Parse(source);
        var file = Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Billing", "Payment.cs");
        Engine.Open(file, 1, marked.Text);
        var before = marked.Text[..marked.Offset];
        return (file, new Position(before.Count(c => c == '\n'), before.Length - (before.LastIndexOf('\n') + 1)));
    }
}
