using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Tests.Learning;

/// <summary>Edit scripts, and what each says of the ghost text <c>Sum(x => x.Price);</c> at the cursor.</summary>
public sealed class OutcomeTrackerTests
{
    private const string Suggested = "Sum(x => x.Price);";
    private const string File = "/shop/Till.cs";
    private const string Before = "class Till\n{\n    decimal Total() => _lines.";
    private const string After = "\n}\n";

    private readonly FakeClock _clock = new();
    private readonly List<Outcome> _outcomes = [];
    private readonly OutcomeTracker _tracker;
    private EditedDocument _document = new(Before + After);
    private int _cursor = Before.Length;
    private int _count;

    public OutcomeTrackerTests() => _tracker = new OutcomeTracker(_clock, _outcomes.Add);

    private string Told => string.Join(", ", _outcomes.Select(o => o.Kind == AcceptanceKind.Rejected ? "Rejected" : $"{o.Kind} {o.Text}"));

    public static TheoryData<string, string[], string> Scripts =>
        new()
        {
            { "typing along is no outcome yet", ["S", "u", "m", "(", "x"], "" },
            { "typing along to the end", [.. Suggested.Select(c => $"{c}")], $"Accepted {Suggested}" },
            { "taken at once", [Suggested], $"Accepted {Suggested}" },
            { "taken word by word", ["Sum", "(x", " => ", "x", ".Price", ");"], $"Accepted {Suggested}" },
            { "taken, and typing goes on", [Suggested, "\n", "    ", "return", " 1;"], $"Accepted {Suggested}" },
            { "typed along, then departed", ["Sum(", "x", " ", "=", ">", " x", ".", "T", "a"], "Partial Sum(x => x." },
            { "departed within a word", ["S", "e", "l"], "Rejected" },
            { "a longer word that begins alike is another word", ["Sum", "mary"], "Rejected" },
            { "another text", ["First()"], "Rejected" },
            { "a slip taken back", ["S", "i", "<", "u", "m"], "" },
            { "a slip that stays", ["S", "i", "m"], "Rejected" },
            { "typed and taken back", ["S", "u", "<", "<"], "" },
            { "one wrong character alone waits", ["S", "i"], "" },
            { "the editor closes the bracket", ["S", "u", "m", "()^", "x"], "" },
            { "the editor closes the bracket and the user goes another way", ["Sum", "()^", "\"n\"", "^"], "Partial Sum(" },
        };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void An_edit_script_tells_the_outcome(string what, string[] keys, string told)
    {
        Show();
        foreach (var key in keys)
        {
            Type(key);
        }

        Assert.True(told == Told, $"{what}: {Told}");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void A_text_of_two_lines_is_known_whatever_the_documents_line_ends(string lineEnd)
    {
        Document(Before.ReplaceLineEndings(lineEnd), After.ReplaceLineEndings(lineEnd));
        Show("Sum(\n        x);");

        Type($"Sum({lineEnd}");
        Assert.Empty(_outcomes);
        Type("        x);");

        Assert.Equal("Accepted Sum(\n        x);", Told);
    }

    [Fact]
    public void The_place_moves_with_lines_and_text_before_it()
    {
        Show();
        Edit(_document.Insert(0, "using System;\r\nusing System.Linq;\n"));
        Edit(
            _document.Replace(
                _document.Text.IndexOf("decimal", StringComparison.Ordinal),
                _document.Text.IndexOf(" Total", StringComparison.Ordinal),
                "double"
            )
        );
        _cursor = _document.Text.IndexOf("_lines.", StringComparison.Ordinal) + "_lines.".Length;

        Type(Suggested);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void Edits_of_several_cursors_count_together()
    {
        Show();
        var last = _document.Insert(_document.Text.Length - 2, "Sum(y);");
        var here = _document.Insert(_cursor, "Sum(");
        var first = _document.Insert(0, "Sum(y);");

        Edit(last, here, first);
        _cursor += "Sum(y);".Length + "Sum(".Length;
        Type(Suggested["Sum(".Length..]);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void A_bracket_that_the_editor_closed_and_one_typed_over_belong_to_the_document()
    {
        Document("        Print(", ");\n");
        Show("lines.Count");

        Type("lines.");
        // An editor that compares lines says that the bracket behind was typed; one that types over says that it was replaced.
        Edit(_document.Replace(_cursor, _cursor + 1, ")"));
        Type("Count");

        Assert.Equal("Accepted lines.Count", Told);
    }

    [Fact]
    public void A_bracket_before_its_like_counts_as_typed_at_the_cursor()
    {
        Document("        Print(", ");\n");
        Show("Head())");

        Type("Head(");
        Edit(_document.Insert(_cursor + 1, ")"));
        Edit(_document.Insert(_cursor + 2, ")"));

        Assert.Equal("Accepted Head())", Told);
    }

    [Fact]
    public void An_edit_that_writes_the_word_again_is_the_rest_of_it()
    {
        Document("        _lines.Su", ";\n");
        Show("m(x)");

        Edit(_document.Replace(_cursor - 2, _cursor, "Sum(x)"));

        Assert.Equal("Accepted m(x)", Told);
    }

    [Fact]
    public void What_an_open_list_would_replace_belongs_to_the_suggestion()
    {
        Document("        _lines.Su", ";\n");
        Show("Sum(x)", replaced: 2);

        Edit(_document.Replace(_cursor - 2, _cursor, "Sum(x)"));

        Assert.Equal("Accepted Sum(x)", Told);
    }

    [Fact]
    public void The_command_and_the_text_count_once()
    {
        Show();
        _tracker.Accepted("1");
        Type(Suggested);
        _tracker.Accepted("1");
        _tracker.Accepted("nobody knows this one");

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void The_command_alone_is_an_acceptance()
    {
        Show();

        _tracker.Accepted("1");
        After61Seconds();

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void A_superseded_suggestion_teaches_nothing()
    {
        Show();
        Show("First();");
        Type("Second();");

        Assert.Equal("First();", Assert.Single(_outcomes).Text);
    }

    [Fact]
    public void A_suggestion_elsewhere_supersedes_nothing()
    {
        Show();
        var here = _cursor;
        _cursor = 0;
        Show("using System;");
        _cursor = here;
        Type("First();");

        Assert.Equal("Rejected", Told);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sum(x")]
    [InlineData("F")]
    public void A_closed_document_teaches_nothing(string typed)
    {
        Show();
        Type(typed);

        _tracker.Closed(File);
        After61Seconds();

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void A_text_replaced_as_a_whole_teaches_nothing()
    {
        Show();
        Type("Fi");
        _outcomes.Clear();
        Show();

        _tracker.Edited(File, [new DocumentEdit(null, Before + Suggested + After)]);
        After61Seconds();

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void A_formatter_that_writes_the_lines_around_anew_teaches_nothing()
    {
        Show();

        Edit(_document.Replace(0, _document.Text.Length, "class Other;\n"));
        After61Seconds();

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void Edits_elsewhere_alone_teach_nothing()
    {
        Show();

        Edit(_document.Insert(0, "// elsewhere\n"));
        Edit(_document.Insert(_document.Text.Length, "// elsewhere\n"));
        After61Seconds();

        Assert.Empty(_outcomes);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Su", "")]
    [InlineData("Sum(x", "Partial Sum(x")]
    [InlineData("F", "Rejected")]
    public void After_sixty_seconds_what_stands_there_counts(string typed, string told)
    {
        Show();
        Type(typed);

        After61Seconds();

        Assert.Equal(told, Told);
    }

    [Fact]
    public void What_stands_there_later_than_that_is_no_acceptance()
    {
        Show();
        _clock.Advance(TimeSpan.FromSeconds(61));

        Type(Suggested);

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void A_key_on_its_way_when_the_suggestion_came_refuses_nothing()
    {
        Show();
        _clock.Advance(-TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(100));

        Type("First();");
        After61Seconds();

        Assert.Empty(_outcomes);
    }

    [Theory]
    [InlineData("Sum(x => x.Price * x.Count);", "Edited Sum(x => x.Price")]
    [InlineData("Max(x => x.Price);", "Edited ")]
    [InlineData("", "Edited ")]
    [InlineData("Sum( x => x.Price );", "")]
    [InlineData("Sum(x => x.Price); // all", "")]
    public void What_is_made_of_an_accepted_text_is_told_when_the_time_is_over(string left, string told)
    {
        Show();
        Type(Suggested);
        var accepted = Assert.Single(_outcomes);
        _outcomes.Clear();

        Edit(_document.Replace(Before.Length, _cursor, left));
        Assert.Empty(_outcomes);
        After61Seconds();

        Assert.Equal(told, Told);
        Assert.All(_outcomes, o => Assert.Equal(accepted.Id, o.Corrects));
    }

    [Fact]
    public void The_part_that_an_editor_confirms_counts_though_the_text_is_gone()
    {
        Show();
        _tracker.PartiallyAccepted("1", 4);

        _tracker.Closed(File);

        Assert.Equal("Partial Sum(", Told);
    }

    [Fact]
    public void A_part_counts_from_the_beginning_of_what_was_sent_last()
    {
        var shown = Show();
        Type("Sum");
        _tracker.Shown(shown, from: 3);
        _tracker.PartiallyAccepted("1", 4);

        _tracker.Closed(File);

        Assert.Equal("Partial Sum(x =", Told);
    }

    [Fact]
    public void A_suggestion_first_shown_when_its_beginning_stands_there_is_followed_from_there()
    {
        var shown = Show();
        _tracker.Withdraw("1");
        Type("Sum");
        _tracker.Shown(shown, from: 3);

        Type(Suggested["Sum".Length..]);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void A_suggestion_that_was_refused_and_is_shown_again_has_one_outcome()
    {
        var shown = Show();
        Type("Select");
        for (var i = 0; i < "elect".Length; i++)
        {
            Type("<");
        }

        _tracker.Shown(shown, from: 1);
        Type(Suggested[1..]);

        Assert.Equal("Rejected", Told);
    }

    [Fact]
    public void The_command_counts_though_the_text_was_looked_at_for_long()
    {
        Show();
        After61Seconds();

        _tracker.Accepted("1");
        Type(Suggested);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void The_last_part_that_an_editor_confirms_is_the_whole()
    {
        Show();
        _tracker.PartiallyAccepted("1", 4);
        _tracker.PartiallyAccepted("1", Suggested.Length);
        _tracker.PartiallyAccepted("nobody knows this one", 1);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    [Fact]
    public void What_an_editor_does_not_show_is_not_refused_once_it_tells_what_it_shows()
    {
        Show();
        _tracker.ShownByClient("1");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Type("First();");
        Assert.Equal("Rejected", Told);

        Show();
        Type("Second();");

        Assert.Equal("Rejected", Told);
    }

    [Fact]
    public void A_suggestion_that_is_sent_again_as_typing_goes_on_is_one()
    {
        var shown = Show();
        Type("Sum");
        _clock.Advance(TimeSpan.FromSeconds(40));
        _tracker.Shown(shown, from: 3);
        _clock.Advance(TimeSpan.FromSeconds(40));

        Type(Suggested["Sum".Length..]);

        Assert.Equal($"Accepted {Suggested}", Told);
    }

    private void Document(string before, string after) => (_document, _cursor) = (new EditedDocument(before + after), before.Length);

    /// <summary>Shows a suggestion at the cursor, in place of the characters before it, and lets the user read it.</summary>
    private ShownSuggestion Show(string text = Suggested, int replaced = 0)
    {
        var (start, cursor) = (_cursor - replaced, _cursor);
        var shown = new ShownSuggestion(
            File,
            start,
            TextPrint.Of(_document.Text.AsSpan(0, start)),
            TextPrint.Of(_document.Text.AsSpan(cursor)),
            SuggestionPlace.At(_document.Text, start, cursor),
            new GhostText
            {
                Id = $"{++_count}",
                Text = text,
                Range = new TextRange(_document.PositionOf(start), _document.PositionOf(cursor)),
                Verified = true,
                Probability = 1,
            }
        );
        _tracker.Shown(shown);
        _clock.Advance(TimeSpan.FromSeconds(1));
        return shown;
    }

    /// <summary>One edit at the cursor: <c>&lt;</c> takes a character back, <c>^</c> stands for the character before which the cursor then is.</summary>
    private void Type(string key)
    {
        if (key == "<")
        {
            Edit(_document.Replace(_cursor - 1, _cursor, ""));
            _cursor--;
            return;
        }

        if (key == "^")
        {
            _cursor++;
            return;
        }

        var isClosed = key.EndsWith('^');
        var text = key.TrimEnd('^');
        Edit(_document.Insert(_cursor, text));
        _cursor += text.Length - (isClosed ? 1 : 0);
    }

    private void Edit(params DocumentEdit[] edits) => _tracker.Edited(File, edits);

    private void After61Seconds()
    {
        _clock.Advance(TimeSpan.FromSeconds(61));
        _tracker.Edited("/shop/Other.cs", []);
    }
}
