using CodeComplete.Engine.Tests.Learning;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>A whole engine that learns from what becomes of its suggestions, the same minute and for the next start.</summary>
public sealed class LearningTests : IAsyncLifetime
{
    private const string Line = "class A { int M(string s) { return s.";
    private const string Text = Line + " } }";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly string _file;
    private readonly Position _position = new(0, Line.Length);
    private CompletionEngine _engine = null!;

    public LearningTests() => _file = _folder.Write("work/A.cs", Text);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Outcomes => _engine.MemoryStatistics[0].Acceptances;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_suggestion_refused_twice_is_hidden_there_until_it_is_taken_and_the_next_start_knows_it()
    {
        var first = (await GhostAsync()).Ghost!;
        Assert.Null((await WhileTypingAsync(first.Text)).Why);
        await RefuseAsync();
        var second = (await GhostAsync()).Ghost!;
        Assert.Equal(first.Text, second.Text);
        Assert.True(second.Gate < first.Gate);
        Assert.Null((await WhileTypingAsync(first.Text)).Why);
        await RefuseAsync();

        Assert.Contains("refused", (await WhileTypingAsync(first.Text)).Why, StringComparison.Ordinal);
        Assert.Equal(first.Text, (await GhostAsync()).Ghost?.Text);

        await _engine.DisposeAsync();
        await StartAsync();
        Assert.Contains("refused", (await WhileTypingAsync(first.Text)).Why, StringComparison.Ordinal);

        var byHand = (await GhostAsync()).Ghost!;
        Write(byHand.Text);
        await _engine.Settled;
        Assert.Equal(3, Outcomes);
        Assert.Null((await WhileTypingAsync(first.Text)).Why);
    }

    [Fact]
    public async Task Text_and_command_record_one_outcome_and_a_part_is_one_too()
    {
        var ghost = (await GhostAsync()).Ghost!;
        Write(ghost.Text);
        _engine.Accept(ghost.Id);
        await _engine.Settled;
        Assert.Equal(1, Outcomes);

        ghost = (await GhostAsync()).Ghost!;
        _engine.Shown(ghost.Id);
        _engine.AcceptPart(ghost.Id, 3);
        _engine.Close(_file);
        await _engine.Settled;
        Assert.Equal(2, Outcomes);
    }

    [Fact]
    public async Task An_item_taken_from_the_list_is_remembered()
    {
        _engine.Open(_file, 1, Text);
        await _engine.CompleteListAsync(new ListRequest(_file, _position), Cancellation);

        Write("Length");
        Write(";", after: "Length".Length);
        await _engine.Settled;

        Assert.Equal(1, Outcomes);
    }

    [Fact]
    public async Task What_another_process_has_forgotten_hides_nothing_any_more()
    {
        var first = (await GhostAsync()).Ghost!;
        await RefuseAsync();
        await GhostAsync();
        await RefuseAsync();
        Assert.Contains("refused", (await WhileTypingAsync(first.Text)).Why, StringComparison.Ordinal);

        await using (var visitor = WorkspaceMemory.Open(Options))
        {
            Assert.Equal(MemoryOwner.AnotherProcess, visitor.Owner);
            Assert.Equal(2, visitor.Report(Cancellation).Outcomes);
            Assert.Equal(new Forgotten(Files: 1, Outcomes: 2, Problem: null), visitor.ForgetAll());
        }

        Assert.Equal(0, Outcomes);
        Assert.Null((await WhileTypingAsync(first.Text)).Why);
    }

    private EngineOptions Options =>
        new()
        {
            WorkspaceFolders = [Path.Combine(_folder.Path, "work")],
            Settings = EngineSettings.Default with { Provider = "cpu" },
            DataDirectory = Path.Combine(_folder.Path, "memory"),
            Time = _clock,
        };

    private async Task StartAsync()
    {
        _engine = CompletionEngine.Start(Options);
        Assert.Empty(await _engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), Cancellation));
    }

    /// <summary>Ghost text in the document as it was at first, asked for by hand unless said otherwise, and a second to read it.</summary>
    private async Task<GhostAnswer> GhostAsync(bool invoked = true)
    {
        _engine.Open(_file, 1, Text);
        var answer = await _engine.CompleteInlineAsync(new GhostRequest(_file, _position, invoked), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        return answer;
    }

    /// <summary>
    /// What is answered without asking by hand. A busy machine may then not wait for the names that the compiler knows, and write another text: asked
    /// again until it is about this one.
    /// </summary>
    private async Task<GhostAnswer> WhileTypingAsync(string text)
    {
        while (true)
        {
            var answer = await GhostAsync(invoked: false);
            if (answer.Ghost?.Text == text || answer.Why?.EndsWith($": {text}", StringComparison.Ordinal) == true)
            {
                return answer;
            }

            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task RefuseAsync()
    {
        var before = Outcomes;
        Write("Zzz");
        await _engine.Settled;
        Assert.Equal(before + 1, Outcomes);
    }

    private void Write(string text, int after = 0)
    {
        var at = _position with { Character = _position.Character + after };
        Assert.True(_engine.Change(_file, 2, [new DocumentEdit(new TextRange(at, at), text)]));
    }
}
