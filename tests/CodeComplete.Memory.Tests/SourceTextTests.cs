using System.Text;
using CodeComplete.Memory.Snippets;
using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("var total = order.Lines;", "var total order Lines")]
    [InlineData("a // b\nc /* d\n e */ f", "a@0 c@1 f@2")]
    [InlineData("a /* b", "a")]
    [InlineData("\"b\\\"c\" a", "a")]
    [InlineData("\"open\na", "a@1")]
    [InlineData("@\"b\"\"c\nd\" a", "a@1")]
    [InlineData("@\"b\\\" a", "a")]
    [InlineData("\"\" a @\"\" b", "a b")]
    [InlineData("\"\"\"b \"c\" d\ne\"\"\" a", "a@1")]
    [InlineData("\"\"\"\" b \"\"\" \"\"\"\" a", "a")]
    [InlineData("$\"b {c} d {{e}} {f:N2}\" a", "c f N2 a")]
    [InlineData("$\"b { new { c } } d\" a", "new c a")]
    [InlineData("$\"{ $\"{a}b\" + \"c\" }d\" e", "a e")]
    [InlineData("$@\"b\\{c}\n\"\"d\" a", "c@0 a@1")]
    [InlineData("@$\"b{c}\" a", "c a")]
    [InlineData("$\"\"\"b {c} \"d\" \"\"\" a", "c a")]
    [InlineData("$$\"\"\"b {c} {{d}} e\"\"\" a", "d a")]
    [InlineData("'b' a '\\'' c '\\u0041' d '\"' e", "a c d e")]
    [InlineData("#region b\na\n  #if c\nd # e", "a@1 d@3 e@3")]
    [InlineData("0x1F 10L 1_000 1e5 a1", "a1")]
    [InlineData("@class _x größe", "class _x größe")]
    [InlineData("a # b", "a b")]
    [InlineData("", "")]
    public void Identifiers_are_found_outside_of_comments_and_literals(string text, string expected)
    {
        var withLines = expected.Contains('@', StringComparison.Ordinal);
        var found = new List<string>();
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            found.Add(withLines ? $"{scanner.Current}@{scanner.Line}" : scanner.Current.ToString());
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void Any_text_is_scanned_to_its_end()
    {
        var pieces = Any.Of("\"", "$", "@", "{", "}", "'", "\\", "\n", "/*", "*/", "//", "#", "a", "\"\"\"", "1", "\ud835", "é");
        pieces
            .List[0, 40]
            .Select(string.Concat)
            .Sample(text =>
            {
                var scanner = new IdentifierScanner(text);
                var line = 0;
                while (scanner.MoveNext())
                {
                    Assert.False(scanner.Current.IsEmpty);
                    Assert.InRange(scanner.Line, line, text.Count(c => c == '\n'));
                    line = scanner.Line;
                }
            });
    }

    [Fact]
    public void Literals_nested_without_end_do_not_exhaust_the_stack()
    {
        var scanner = new IdentifierScanner(string.Concat(Enumerable.Repeat("$\"{", 300_000)) + "a");

        Assert.True(scanner.MoveNext());
        Assert.Equal("a", scanner.Current);
    }

    [Theory]
    [InlineData("InvoiceLine", "invoice line")]
    [InlineData("_invoiceLines", "invoice lines")]
    [InlineData("XMLHttpReader", "xml http reader")]
    [InlineData("MAX_ORDER_SIZE", "max order size")]
    [InlineData("IOrderRepository", "order repository")]
    [InlineData("utf8Text2Go", "utf text")]
    [InlineData("GetOrder", "order")]
    [InlineData("orderOrder", "order")]
    [InlineData("ÄußereGröße", "äußere größe")]
    [InlineData("x", "")]
    [InlineData("__", "")]
    public void Names_are_taken_apart_at_capitals_digits_and_underscores(string name, string parts) =>
        Assert.Equal(parts, string.Join(' ', NameParts.Of(name)));

    [Fact]
    public void Windows_are_twelve_lines_every_six_after_the_header()
    {
        var header = "// Licence\n/* of\n   many lines */\nusing System;\n\nglobal using Shop;\n";
        var file = SnippetCutter.Cut(
            "A.cs",
            default,
            FileStamp.None,
            header + string.Join('\n', Enumerable.Range(0, 30).Select(i => $"Call(one{i}, two{i});"))
        );

        Assert.Equal([(6, 12), (12, 12), (18, 12), (24, 12)], file.File.Spans.Select(span => (span.StartLine, span.Lines)));
    }

    [Fact]
    public void A_window_with_hardly_a_name_is_no_snippet()
    {
        var file = SnippetCutter.Cut("A.cs", default, FileStamp.None, "namespace Shop;\n\nenum Size\n{\n    S,\n    M,\n}\n");

        Assert.Empty(file.File.Spans);
        Assert.NotEmpty(file.Text);
    }

    [Fact]
    public void Every_window_counts_the_names_in_its_own_text()
    {
        var line = Any.Of(
            "",
            "    }",
            "var first = second.Third(first);",
            "using Alpha;",
            "// comment",
            "𝄞(größe, \"x\");",
            "await Alpha.Beta(gamma, delta);"
        );
        line.List[0, 60]
            .Select(lines => string.Join('\n', lines))
            .Sample(text =>
            {
                var (file, words, bytes) = SnippetCutter.Cut("A.cs", default, FileStamp.None, text);
                for (var i = 0; i < file.Spans.Length; i++)
                {
                    var span = file.Spans[i];
                    var snippet = Encoding.UTF8.GetString(bytes.AsSpan(span.Offset, span.Length));
                    Assert.Equal(string.Join('\n', text.Split('\n')[span.StartLine..span.EndLine]), snippet);
                    Assert.Equal(
                        NamesOf(snippet),
                        words.Of(i).ToArray().ToDictionary(count => words.Names[count.Name], count => count.Count)
                    );
                }
            });
    }

    [Fact]
    public void Cleaning_keeps_the_line_numbers_of_editors()
    {
        Assert.Equal("a\nb\nc\u2028d\n", SourceCleaner.Clean("a\r\nb\rc\u2028d\n"));
        Assert.Equal("a\n\nb", SourceCleaner.Clean("a\n" + new string('x', 501) + "\nb"));
        Assert.Equal("a\nb\n", SourceCleaner.Clean("a\nb\n"));
    }

    private static Dictionary<string, int> NamesOf(string text)
    {
        var names = new Dictionary<string, int>();
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (SnippetCutter.Counts(scanner.Current))
            {
                var name = scanner.Current.ToString();
                names[name] = names.GetValueOrDefault(name) + 1;
            }
        }

        return names;
    }
}
