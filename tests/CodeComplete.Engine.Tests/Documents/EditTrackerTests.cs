using CodeComplete.Engine.Documents;

namespace CodeComplete.Engine.Tests.Documents;

/// <summary>Invariant 2: which edits end which requests.</summary>
public class EditTrackerTests
{
    private readonly EditTracker _tracker = new();

    [Fact]
    public void Any_edit_of_its_document_ends_ghost_text()
    {
        using var ghost = _tracker.Ghost("a.cs", CancellationToken.None);

        _tracker.Edited("a.cs", [Insert(0, 0, "x")]);

        Assert.True(ghost.IsSuperseded);
        Assert.True(ghost.Token.IsCancellationRequested);
    }

    [Fact]
    public void An_edit_elsewhere_ends_nothing()
    {
        using var ghost = _tracker.Ghost("a.cs", CancellationToken.None);
        using var list = _tracker.List("a.cs", line: 3, wordStart: 4, wordEnd: 6, CancellationToken.None);

        _tracker.Edited("b.cs", [Insert(0, 0, "x")]);

        Assert.False(ghost.IsSuperseded);
        Assert.False(list.IsSuperseded);
    }

    [Fact]
    public void A_list_survives_typing_on_and_deleting_in_its_word()
    {
        using var list = _tracker.List("a.cs", line: 3, wordStart: 4, wordEnd: 6, CancellationToken.None);

        _tracker.Edited("a.cs", [Insert(3, 6, "N")]);
        _tracker.Edited("a.cs", [Insert(3, 7, "a")]);
        _tracker.Edited("a.cs", [Replace(3, 7, 8, "")]);

        Assert.False(list.IsSuperseded);
    }

    [Theory]
    [InlineData(3, 6, 6, "(")]
    [InlineData(3, 6, 6, " ")]
    [InlineData(3, 7, 7, "x")]
    [InlineData(3, 3, 4, "")]
    [InlineData(2, 5, 5, "x")]
    public void A_list_ends_when_an_edit_leaves_its_word(int line, int from, int to, string text)
    {
        using var list = _tracker.List("a.cs", line: 3, wordStart: 4, wordEnd: 6, CancellationToken.None);

        _tracker.Edited("a.cs", [Replace(line, from, to, text)]);

        Assert.True(list.IsSuperseded);
        Assert.True(list.Token.IsCancellationRequested);
    }

    [Fact]
    public void Replacing_the_whole_text_ends_a_list()
    {
        using var list = _tracker.List("a.cs", line: 3, wordStart: 4, wordEnd: 6, CancellationToken.None);

        _tracker.Edited("a.cs", [new DocumentEdit(null, "new")]);

        Assert.True(list.IsSuperseded);
    }

    [Fact]
    public void A_request_that_has_ended_is_left_alone()
    {
        var ghost = _tracker.Ghost("a.cs", CancellationToken.None);
        ghost.Dispose();

        _tracker.Edited("a.cs", [Insert(0, 0, "x")]);

        Assert.False(ghost.IsSuperseded);
    }

    [Fact]
    public void The_clients_cancel_is_not_taken_for_an_edit()
    {
        using var client = new CancellationTokenSource();
        using var ghost = _tracker.Ghost("a.cs", client.Token);

        client.Cancel();

        Assert.True(ghost.Token.IsCancellationRequested);
        Assert.False(ghost.IsSuperseded);
    }

    private static DocumentEdit Insert(int line, int character, string text) => Replace(line, character, character, text);

    private static DocumentEdit Replace(int line, int from, int to, string text) =>
        new(new TextRange(new Position(line, from), new Position(line, to)), text);
}
