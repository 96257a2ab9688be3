namespace CodeComplete.Analysis.Tests.Compiling;

/// <summary>The check that evaluation uses instead of the verifier: the whole document against the document as it was.</summary>
public class CompileCheckTests
{
    private const string Source = """
        using System;
        using System.Collections.Generic;

        public class Till
        {
            private readonly List<int> _coins = [];

            public int Broken() => Missing.Value;

            public int Sum(int least)
            {
                var sum = 0;
                [foreach (var coin in _coins)]
                {
                    sum += coin;
                }

                (Console.WriteLine(sum);)
                return sum;
            }
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Console.WriteLine(least);", true, true)]
    [InlineData("Console.Clear();", true, true)]
    // Cut back: what is left of a line is no statement yet.
    [InlineData("Console.WriteLine(sum)", false, true)]
    [InlineData("Console.WriteLine(_coins.Count", false, true)]
    // The next line becomes its body, and then not all paths return.
    [InlineData("if (sum > least)", false, true)]
    [InlineData("_coins.ForEach(coin =>", false, true)]
    // No ending mends these.
    [InlineData("Console.WriteLine(total);", false, false)]
    [InlineData("Console.WriteLine(total", false, false)]
    [InlineData("_coins.Push(1);", false, false)]
    [InlineData("sum;", false, false)]
    [InlineData("int text = \"a\";", false, false)]
    public async Task A_prediction_is_judged_with_the_whole_document(string prediction, bool compiles, bool ended)
    {
        var finding = await CheckAsync(Source, '(', ')', prediction);

        Assert.Equal(((bool?)compiles, (bool?)ended), (finding.Compiles, finding.BringsNoError));
        Assert.Equal(compiles, finding.NewErrors.Count == 0);
    }

    [Fact]
    public async Task An_error_that_it_brings_to_another_line_counts_and_is_named()
    {
        var finding = await CheckAsync(Source, '[', ']', "foreach (var penny in _coins)");

        Assert.Equal((bool?)false, finding.Compiles);
        // Without the line that name is missing as well, so it is not this line that takes it away.
        Assert.Equal((bool?)true, finding.BringsNoError);
        Assert.Equal("CS0103: The name 'coin' does not exist in the current context", Assert.Single(finding.NewErrors));
    }

    [Fact]
    public async Task What_the_document_has_of_errors_elsewhere_is_none_of_its_own()
    {
        var finding = await CheckAsync(Source, '(', ')', "Console.WriteLine(Missing.Value);");

        // The same error once more is new.
        Assert.Equal((bool?)false, finding.Compiles);
        Assert.Single(finding.NewErrors);
    }

    [Fact]
    public async Task Where_the_member_has_errors_already_nothing_can_be_told()
    {
        var source = Source.Replace("var sum = 0;", "var sum = 0; Missing.Call();", StringComparison.Ordinal);

        var finding = await CheckAsync(source, '(', ')', "Console.WriteLine(sum);");

        Assert.Equal((null, null), (finding.Compiles, finding.BringsNoError));
        Assert.Empty(finding.NewErrors);
    }

    [Fact]
    public async Task Where_no_project_is_loaded_nothing_can_be_told()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("A.cs", "class A { int B() => 1; }");

        var finding = await CompileCheck.ReplacedAsync(loaded.Take("A.cs"), 21, 22, "2", Cancellation);

        Assert.Null(finding.Compiles);
    }

    /// <summary>Puts the prediction in the place of what stands on the line between the marks.</summary>
    private static Task<CompileFinding> CheckAsync(string source, char open, char close, string prediction)
    {
        var lines = source.Split('\n');
        var at = Array.FindIndex(lines, line => line.Trim() is [var first, .., var last] && first == open && last == close);
        var before = lines[at].IndexOf(open, StringComparison.Ordinal);
        // The marks of the other place go, too.
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line is ['[', .., ']'] or ['(', .., ')'])
            {
                lines[i] = lines[i][..lines[i].IndexOf(line, StringComparison.Ordinal)] + line[1..^1];
            }
        }

        var text = string.Join('\n', lines);
        var start = lines.Take(at).Sum(line => line.Length + 1) + before;
        return CompileCheck.ReplacedAsync(SingleFile.Snapshot(text), start, start + lines[at].Trim().Length, prediction, Cancellation);
    }
}
