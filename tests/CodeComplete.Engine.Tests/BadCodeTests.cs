using System.Text;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>Code that is broken, odd or large: ghost text and list are right there, or silent, and never an exception.</summary>
public sealed class BadCodeTests(SampleEngine sample)
{
    private static readonly string Scratch = Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Common", "Scratch.cs");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Broken { get; } =
        new()
        {
            { "nothing", "$0" },
            { "a word", "pub$0" },
            { "half a member", "class A { void M( { int x = ; string s = \"abc; Console.$0" },
            { "brackets that never close", "class A { void M() { if ((((x.ToString($0" },
            { "brackets that never opened", "}}}} ) ] class A { int M() { return \"\".$0 } }" },
            { "half-typed generics", "using System.Collections.Generic; class A { void M() { List<Dictionary<string, $0" },
            { "half-typed generics below a member", "class A { List<$0\n void M() { } }" },
            { "a half-typed lambda", "using System.Linq; class A { void M(int[] n) { n.Where(x => x.$0" },
            { "a half-typed query", "using System.Linq; class A { void M(int[] n) { var q = from x in n where $0" },
            { "a half-typed interpolation", "class A { string M(int n) => $\"{n.$0" },
            { "an unfinished raw string", "class A { string M() => \"\"\"\n  text $0\n}" },
            { "an unfinished comment", "class A { /* never ends $0\n void M() { } }" },
            { "an unfinished directive", "#if\nclass A { void M() { $0 } }" },
            { "a merge conflict", "class A {\n<<<<<<< HEAD\n int X => 1;\n=======\n int X => 2;\n>>>>>>> other\n void M() { this.$0 } }" },
            { "a name twice", "class A { void M() { int x = 1; int x = 2; x.$0 } void M() { } }" },
            { "a circular base", "class A : B { void M() { this.$0 } } class B : A { }" },
            { "other languages", "function f() { return this.$0 }\ndef g(): pass" },
            { "a null character", "class A { void M() { string s = \"\0\"; s.$0 } }" },
            { "half a surrogate pair", "class A { void M() { string s = \"\ud83d\"; s.$0 } }" },
            { "an emoji before the cursor", "class A { void M() { string s = \"😀\"; s.$0 } }" },
            { "top-level statements", "using System;\nvar text = Console.ReadLine();\ntext.$0" },
            { "old line ends", "class A\r{\r    int M(string s)\r    {\r        return s.$0\r    }\r}\r" },
            { "mixed line ends", "class A\r\n{\n    int M(string s)\r    {\r\n        return s.$0\n    }\r\n}" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_shown_in_broken_code_brings_no_error(string name, string source)
    {
        Assert.NotEmpty(name);
        await AskAsync(source);
    }

    [Theory]
    [InlineData("#if NEVER\nclass A { void M(string s) { s.$0 } }\n#endif\nclass B { }", "switched off")]
    [InlineData("class A { }\n#region $0\n#endregion", "directive")]
    public async Task Nothing_is_written_where_the_compiler_does_not_read(string source, string why)
    {
        var (ghost, list) = await AskAsync(source);

        Assert.Null(ghost.Ghost);
        Assert.Contains(why, ghost.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(list.Items, item => item.Label == "Length");
    }

    [Fact]
    public async Task In_a_branch_that_is_on_members_are_known()
    {
        var (_, list) = await AskAsync("#if NEVER\nclass A { }\n#else\nclass A { void M(string s) { s.$0 } }\n#endif");

        Assert.Contains(list.Items, item => item.InsertText == "Length");
    }

    [Theory]
    [InlineData("class A { string M() => \"say $0\"; }")]
    [InlineData("class A { string M() => @\"say $0\"; }")]
    [InlineData("class A { // count the $0\n }")]
    [InlineData("class A { /// <summary>Counts $0\n int M() => 1; }")]
    public async Task In_a_string_or_comment_no_member_is_listed(string source)
    {
        var (_, list) = await AskAsync(source);

        Assert.DoesNotContain(list.Items, item => item.Starred || item.InsertText == "ToString");
    }

    [Fact]
    public async Task A_file_of_twenty_thousand_lines_is_answered()
    {
        var text = new StringBuilder("namespace Large;\n\npublic class Large\n{\n");
        for (var i = 0; i < 5000; i++)
        {
            text.Append($"    public int Step{i}(int value)\n    {{\n        return value + {i};\n    }}\n");
        }

        var (_, list) = await AskAsync(text + "    public int Last(string text)\n    {\n        return text.$0\n    }\n}\n");

        Assert.Contains(list.Items, item => item.InsertText == "Length");
    }

    [Fact]
    public async Task A_file_of_one_long_line_is_answered()
    {
        var steps = string.Concat(
            Enumerable.Range(0, 2000).Select(static i => $"public int Step{i}(int value) {{ return value + {i}; }} ")
        );

        var (_, list) = await AskAsync($"public class Large {{ {steps} public int Last(string text) {{ return text.$0 }} }}");

        Assert.Contains(list.Items, item => item.InsertText == "Length");
    }

    /// <summary>Asks for both, and holds what is shown as verified against the compiler.</summary>
    private async Task<(GhostAnswer Ghost, CompletionAnswer List)> AskAsync(string source)
    {
        var marked = Marked.Parse(source);
        var before = marked.Text[..marked.Offset];
        sample.Engine.Open(Scratch, 1, marked.Text);
        try
        {
            var snapshot = sample.Engine.Workspace.Take(Scratch)!;
            var at = snapshot.RangeOf(marked.Offset, marked.Offset).Start;
            var ghost = await sample.Engine.CompleteInlineAsync(new GhostRequest(Scratch, at, Invoked: true), Cancellation);
            var list = await sample.Engine.CompleteListAsync(new ListRequest(Scratch, at), Cancellation);
            if (ghost.Ghost is { Verified: true } shown)
            {
                var finding = await CompileCheck.ReplacedAsync(snapshot, marked.Offset, marked.Offset, shown.Text, Cancellation);
                Assert.True(finding.BringsNoError != false, $"'{shown.Text}' behind '{before}': {string.Join("; ", finding.NewErrors)}");
            }

            return (ghost, list);
        }
        finally
        {
            sample.Engine.Close(Scratch);
        }
    }
}
