using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Ranking;
using CodeComplete.Memory;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Learning;

/// <summary>What outcomes teach ranking and the gate, with a memory on disk.</summary>
public sealed class LearnedOutcomesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly SuggestionPlace _place = new() { LineBefore = "    var total = _lines.", ReceiverType = "List<Line>" };
    private readonly LearnedOutcomes _learned;
    private ProjectMemory _memory;

    public LearnedOutcomesTests()
    {
        _learned = new LearnedOutcomes(_clock);
        _memory = Open();
    }

    public void Dispose()
    {
        _memory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_name_gains_by_being_taken_and_loses_by_being_refused()
    {
        Assert.Equal(0, Weight("Sum"));

        Learn(AcceptanceKind.Accepted, "Sum(x);");
        Learn(AcceptanceKind.Partial, "Sum(");
        Learn(AcceptanceKind.Rejected, "First();");
        Learn(AcceptanceKind.Rejected, "First(x);");

        Assert.InRange(Weight("Sum"), 1.9, 2.0);
        Assert.InRange(Weight("First"), -1.0, -0.9);
    }

    [Fact]
    public void A_name_whose_beginning_was_typed_is_the_whole_name()
    {
        Learn(AcceptanceKind.Accepted, "m(x);", _place with { LineBefore = "    var total = _lines.Su" });

        Assert.Equal(1, Weight("Sum"));
        Assert.Equal(0, Weight("m"));
    }

    [Fact]
    public void What_goes_on_after_a_name_that_the_user_wrote_is_no_name_taken()
    {
        Learn(AcceptanceKind.Accepted, " = 5;", _place with { LineBefore = "    var total" });

        Assert.Equal(0, Weight("total"));
    }

    [Fact]
    public void Old_habits_fade()
    {
        Learn(AcceptanceKind.Accepted, "Sum(x);");
        _clock.Advance(Decay.HalfLife);

        Assert.Equal(0.5, Weight("Sum"), 12);
    }

    [Fact]
    public void A_clock_that_goes_backwards_changes_no_weight()
    {
        Learn(AcceptanceKind.Accepted, "Sum(x);");
        _clock.Advance(-TimeSpan.FromDays(400));

        Assert.Equal(1, Weight("Sum"));
    }

    [Fact]
    public void Until_something_is_refused_all_is_shown()
    {
        Assert.True(Gate("Sum(x);", probability: 0) >= ShowGate.Threshold);
        Learn(AcceptanceKind.Accepted, "First();");
        Assert.True(Gate("Sum(x);", probability: 0) >= ShowGate.Threshold);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_text_refused_twice_within_a_half_life_is_hidden_in_places_like_it(double probability)
    {
        Learn(AcceptanceKind.Rejected, "Sum(x);");
        Assert.True(Gate("Sum(x);", probability) >= ShowGate.Threshold);

        _clock.Advance(Decay.HalfLife - TimeSpan.FromHours(1));
        Learn(AcceptanceKind.Rejected, "Sum(x);");

        Assert.True(Gate("Sum(x);", probability) < ShowGate.Threshold);
        Assert.True(
            Gate("m(x);", probability, _place with { LineBefore = "        var  sum = _other.Su", ReceiverType = "List<Line>" })
                < ShowGate.Threshold
        );
    }

    [Fact]
    public void It_is_shown_elsewhere_and_other_texts_are_shown_there()
    {
        RefuseTwice();

        Assert.True(Gate("Max(x);") >= ShowGate.Threshold);
        Assert.True(Gate("Sum(x);", place: _place with { ReceiverType = "Stack<Line>" }) >= ShowGate.Threshold);
        Assert.True(Gate("Sum(x);", place: _place with { LineBefore = "    return _lines." }) >= ShowGate.Threshold);
    }

    [Fact]
    public void Refusing_many_texts_at_a_place_hides_none_that_is_new_there()
    {
        for (var i = 0; i < 200; i++)
        {
            Learn(AcceptanceKind.Rejected, $"Method{i}();");
        }

        Assert.True(Gate("Sum(x);", probability: 0) >= ShowGate.Threshold);
    }

    [Theory]
    [InlineData("Sum(x);")]
    [InlineData("First();")]
    public void Taking_something_there_brings_it_back(string taken)
    {
        RefuseTwice();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Learn(AcceptanceKind.Accepted, taken);

        Assert.True(Gate("Sum(x);") >= ShowGate.Threshold);
    }

    [Fact]
    public void Time_brings_it_back()
    {
        RefuseTwice();
        _clock.Advance(2 * Decay.HalfLife);

        Assert.True(Gate("Sum(x);") >= ShowGate.Threshold);
    }

    [Fact]
    public void An_item_of_the_list_says_nothing_of_ghost_text()
    {
        var before = Gate("Sum");
        Learn(AcceptanceKind.Accepted, "Sum", source: SuggestionSource.ListItem);

        Assert.Equal(before, Gate("Sum"));
        Assert.Equal(1, Weight("Sum"));
    }

    [Fact]
    public void What_was_undone_is_as_if_it_had_not_been()
    {
        Assert.Equal(0, Weight("Sum"));
        var accepted = Learn(AcceptanceKind.Accepted, "Sum(x);");
        Assert.Equal(1, Weight("Sum"));

        Learn(AcceptanceKind.Edited, "", corrects: accepted.Id);

        Assert.Equal(0, Weight("Sum"));
    }

    [Fact]
    public void Of_what_was_changed_the_part_that_was_kept_counts()
    {
        var accepted = Learn(AcceptanceKind.Accepted, "Sum(x);");
        var whole = Gate("First();");

        Learn(AcceptanceKind.Edited, "Sum(", corrects: accepted.Id);

        Assert.Equal(1, Weight("Sum"));
        Assert.True(Gate("First();") < whole);
    }

    [Fact]
    public void Another_start_knows_it_all()
    {
        RefuseTwice();
        var (gate, weight) = (Gate("Sum(x);"), Weight("Sum"));
        _memory.Dispose();

        _memory = Open();

        Assert.Equal((gate, weight), (Gate("Sum(x);"), Weight("Sum")));
    }

    [Fact]
    public void An_outcome_told_of_before_and_after_it_is_recorded_counts_once()
    {
        Assert.Equal(0, Weight("Sum"));
        var outcome = Outcome(AcceptanceKind.Accepted, "Sum(x);", _place);
        _learned.Learn(_memory, outcome);
        _learned.Reset(_memory);
        Assert.Equal(0, Weight("Sum"));

        _memory.RecordAcceptance(outcome);
        _learned.Learn(_memory, outcome);
        _learned.Learn(_memory, outcome);

        Assert.Equal(1, Weight("Sum"));
    }

    private void RefuseTwice()
    {
        Learn(AcceptanceKind.Rejected, "Sum(x);");
        Learn(AcceptanceKind.Rejected, "Sum(x);");
        Assert.True(Gate("Sum(x);") < ShowGate.Threshold);
    }

    private double Weight(string name) => _learned.WeightOf(_memory, name);

    private double Gate(string text, double probability = 0.9, SuggestionPlace? place = null) =>
        ShowGate.Score(_learned.Features(_memory, place ?? _place, text, probability));

    private Acceptance Learn(
        AcceptanceKind kind,
        string text,
        SuggestionPlace? place = null,
        SuggestionSource source = SuggestionSource.GhostText,
        Guid? corrects = null
    )
    {
        var outcome = Outcome(kind, text, place ?? _place) with { Source = source, Corrects = corrects };
        Assert.True(_memory.RecordAcceptance(outcome));
        _learned.Learn(_memory, outcome);
        return outcome;
    }

    private Acceptance Outcome(AcceptanceKind kind, string text, SuggestionPlace place) =>
        new()
        {
            Path = "Till.cs",
            Before = place.LineBefore,
            Text = text,
            When = _clock.Now,
            Kind = kind,
            ReceiverType = place.ReceiverType,
        };

    private ProjectMemory Open() =>
        ProjectMemory.Open(
            new MemoryOptions { WorkspaceRoot = Path.Combine(_folder.Path, "work"), DataDirectory = Path.Combine(_folder.Path, "data") }
        );
}
