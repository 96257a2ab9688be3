using CodeComplete.Engine.Learning;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Tests.Learning;

/// <summary>Edit scripts after a list was shown at <c>_lines.Su</c>, and the item that each says was taken.</summary>
public sealed class ListChoicesTests
{
    private const string File = "/shop/Till.cs";
    private const string Before = "{\n    _lines.";

    private readonly List<Outcome> _outcomes = [];
    private readonly EditedDocument _document = new(Before + "Su;\n}");
    private readonly ListChoices _choices;
    private int _cursor = Before.Length + 2;

    public ListChoicesTests()
    {
        _choices = new ListChoices(_outcomes.Add);
        Ask();
    }

    [Fact]
    public void An_item_that_replaces_the_word_is_taken_when_the_word_is_left()
    {
        Write("Sum");
        Assert.Empty(_outcomes);

        Insert("(");

        var taken = Assert.Single(_outcomes);
        Assert.Equal(
            ("Sum", SuggestionSource.ListItem, AcceptanceKind.Accepted, "    _lines."),
            (taken.Text, taken.Source, taken.Kind, taken.Place.LineBefore)
        );
        Insert(")");
        Assert.Single(_outcomes);
    }

    [Fact]
    public void An_item_and_what_committed_it_may_come_in_one_edit()
    {
        Write("SumBy(");

        Assert.Equal("SumBy", Assert.Single(_outcomes).Text);
    }

    [Fact]
    public void An_editor_may_send_the_missing_letters_alone()
    {
        Insert("mBy");
        _choices.Edited(File, [_document.Insert(0, "using System.Linq;\n")], isOthers: false);

        Assert.Equal("SumBy", Assert.Single(_outcomes).Text);
    }

    [Fact]
    public void A_name_typed_letter_by_letter_is_not_the_lists_doing()
    {
        foreach (var key in "m(x);")
        {
            Insert($"{key}");
        }

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void Of_names_that_an_editor_shows_one_after_the_other_in_the_text_the_last_counts()
    {
        Write("Sum");
        Write("SumBy");
        Ask();
        Insert("(");

        Assert.Equal("SumBy", Assert.Single(_outcomes).Text);
    }

    [Fact]
    public void A_name_that_the_list_has_not_is_not_its_doing()
    {
        Write("Summary");
        Insert("(");

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void Ghost_text_is_not_the_lists_doing()
    {
        _choices.Edited(File, [_document.Insert(_cursor, "mBy")], isOthers: true);
        _cursor += 3;
        Insert("(");

        Assert.Empty(_outcomes);
    }

    [Fact]
    public void A_closed_document_has_no_list()
    {
        Write("Sum");
        _choices.Closed(File);
        Insert("(");

        Assert.Empty(_outcomes);
    }

    private void Ask()
    {
        var place = SuggestionPlace.At(_document.Text, Before.Length, _cursor);
        _choices.Asked(File, _document.PositionOf(Before.Length), place).Ready(name => name is "Sum" or "SumBy");
    }

    /// <summary>Puts a text in the place of the word.</summary>
    private void Write(string text)
    {
        _choices.Edited(File, [_document.Replace(Before.Length, _cursor, text)], isOthers: false);
        _cursor = Before.Length + text.Length;
    }

    private void Insert(string text)
    {
        _choices.Edited(File, [_document.Insert(_cursor, text)], isOthers: false);
        _cursor += text.Length;
    }
}
