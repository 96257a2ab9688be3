using CodeComplete.Engine.Documents;
using CodeComplete.Testing;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Engine.Tests.Inline;

/// <summary>Ghost text of more than one line, by the shipped model on the sample.</summary>
public sealed class MultilineTests(SampleEngine sample, ITestOutputHelper output)
{
    private static readonly EngineSettings Settings = EngineSettings.Default with { Provider = "cpu" };

    // The project compiles it; what stands in it is replaced.
    private static readonly string File = Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Common", "Money.cs");

    private const string Signature =
        "namespace Clinic.Domain.Common;\n\npublic sealed class Counter\n{\n    private int _count;\n\n    public void Increment()\n    {\n        _count++;\n    }\n\n    public void Decrement()$0\n}\n";

    private const string Body =
        "namespace Clinic.Domain.Common;\n\npublic sealed class Range\n{\n    private readonly int _first;\n    private readonly int _last;\n\n    public Range(int first, int last)\n    {\n        $0\n    }\n}\n";

    [Fact]
    public async Task A_signature_gets_its_body_with_its_braces()
    {
        var text = (await AskAsync(Signature))!;

        Assert.StartsWith("\n    {\n        ", text, StringComparison.Ordinal);
        Assert.EndsWith(";\n    }", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_returns_nothing_where_it_must_is_not_shown()
    {
        // What compiles is checked below; which of the lines that the model thinks of does, is its affair.
        await AskAsync(Signature.Replace("void Decrement", "int Decrement", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_file_s_own_line_ends_are_written()
    {
        var text = (await AskAsync(Signature.ReplaceLineEndings("\r\n")))!;

        Assert.StartsWith("\r\n    {\r\n        ", text, StringComparison.Ordinal);
        Assert.Equal(text.Count(c => c == '\n'), text.Split("\r\n").Length - 1);
    }

    [Fact]
    public async Task An_empty_body_is_filled()
    {
        var text = (await AskAsync(Body))!;

        Assert.Equal("_first = first;\n        _last = last;", text);
    }

    [Fact]
    public async Task Who_types_along_is_served_over_the_line_s_end()
    {
        var marked = Marked.Parse(Body);
        var cancellation = TestContext.Current.CancellationToken;
        sample.Engine.Open(File, 1, marked.Text);
        try
        {
            var whole = (await sample.Engine.CompleteInlineAsync(At(marked.Offset), cancellation)).Ghost!.Text;
            var typed = whole[..whole.IndexOf("_last", StringComparison.Ordinal)];
            var place = At(marked.Offset).Position;
            sample.Engine.Change(File, 2, [new DocumentEdit(new TextRange(place, place), typed)]);

            var answer = await sample.Engine.CompleteInlineAsync(At(marked.Offset + typed.Length), cancellation);

            Assert.Contains('\n', typed);
            Assert.Equal(whole[typed.Length..], answer.Ghost?.Text);
            Assert.Equal(0, answer.Decoding.Calls);
        }
        finally
        {
            sample.Engine.Close(File);
        }

        GhostRequest At(int offset) => new(File, sample.Engine.Workspace.Take(File)!.RangeOf(offset, offset).Start, Invoked: true);
    }

    [Fact]
    public async Task With_the_setting_off_a_suggestion_ends_with_its_line()
    {
        sample.Engine.Configure(Settings with { GhostMultiline = false });
        try
        {
            Assert.DoesNotContain('\n', await AskAsync(Body) ?? "");
            Assert.DoesNotContain('{', await AskAsync(Signature) ?? "");
        }
        finally
        {
            sample.Engine.Configure(Settings);
        }
    }

    /// <summary>What is shown. It is verified, and with it the file has no error.</summary>
    private async Task<string?> AskAsync(string source)
    {
        var marked = Marked.Parse(source);
        var answer = await AnswerAsync(marked.Text, marked.Offset);
        output.WriteLine(answer.Ghost?.Text ?? answer.Why ?? "");
        if (answer.Ghost is { } ghost)
        {
            Assert.Equal((bool?)true, ghost.Verified);
            var whole = await ErrorsAsync(marked.Text.Insert(marked.Offset, ghost.Text));
            Assert.True(whole.Count == 0, string.Join("; ", whole));
        }

        return answer.Ghost?.Text;
    }

    private async Task<GhostAnswer> AnswerAsync(string text, int offset)
    {
        sample.Engine.Open(File, 1, text);
        try
        {
            var snapshot = sample.Engine.Workspace.Take(File)!;
            return await sample.Engine.CompleteInlineAsync(
                new GhostRequest(File, snapshot.RangeOf(offset, offset).Start, Invoked: true),
                TestContext.Current.CancellationToken
            );
        }
        finally
        {
            sample.Engine.Close(File);
        }
    }

    private async Task<IReadOnlyList<string>> ErrorsAsync(string text)
    {
        sample.Engine.Open(File, 1, text);
        try
        {
            var model = await sample.Engine.Workspace.Take(File)!.Document.GetSemanticModelAsync(TestContext.Current.CancellationToken);
            return
            [
                .. model!
                    .GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
                    .Where(static d => d.Severity == DiagnosticSeverity.Error)
                    .Select(static d => d.ToString()),
            ];
        }
        finally
        {
            sample.Engine.Close(File);
        }
    }
}
