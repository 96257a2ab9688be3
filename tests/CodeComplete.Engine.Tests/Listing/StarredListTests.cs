using System.Runtime.CompilerServices;
using CodeComplete.Engine.Tests.Documents;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Listing;

/// <summary>A list of the stars alone, where the decoder is busy when it is asked for: it waits for them, but not for ever.</summary>
public sealed class StarredListTests(StarredListTests.Started started) : IClassFixture<StarredListTests.Started>, IDisposable
{
    private const string Source = """
        namespace Clinic.Domain.Billing;

        public class Till
        {
            private readonly List<decimal> _amounts = new();

            public decimal Total()
            {
                return _amounts.
            }
        }
        """;

    private static readonly string File = Path.Combine(SampleEngine.Root, "src", "Clinic.Domain", "Billing", "Payment.cs");
    private static readonly Position Place = new(8, 24);
    private readonly ManualResetEventSlim _free = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CompletionEngine Engine => started.Engine;

    public void Dispose()
    {
        _free.Set();
        Engine.Close(File);
        _free.Dispose();
    }

    [Fact]
    public async Task It_waits_for_scores_that_come_a_little_late()
    {
        var busy = await AskWhileBusyAsync(ListMode.Starred);
        // As long as a whole list would wait.
        started.Clock.Advance(TimeSpan.FromMilliseconds(20));
        _free.Set();
        var list = await busy.List;

        Assert.NotEmpty(list.Items);
        Assert.All(list.Items, i => Assert.True(i.Starred));
        Assert.False(list.IsIncomplete);
        await busy.Decoder;
    }

    [Fact]
    public async Task It_goes_empty_where_they_come_too_late_and_the_next_key_finds_them()
    {
        var busy = await AskWhileBusyAsync(ListMode.Starred);
        started.Clock.Advance(TimeSpan.FromMilliseconds(250));
        var list = await busy.List;

        Assert.Empty(list.Items);
        Assert.True(list.IsIncomplete, "an empty list that is whole is not asked for again");

        _free.Set();
        await busy.Decoder;
        Engine.Change(File, 2, [new DocumentEdit(new TextRange(Place, Place), "S")]);
        var next = await Engine.CompleteListAsync(new ListRequest(File, Place with { Character = Place.Character + 1 }), Cancellation);

        Assert.Contains(next.Items, i => i.Starred && i.Label == "Sum");
    }

    [Fact]
    public async Task The_whole_list_does_not_wait_that_long()
    {
        var busy = await AskWhileBusyAsync(ListMode.Full);
        started.Clock.Advance(TimeSpan.FromMilliseconds(20));
        var list = await busy.List;

        Assert.Contains(list.Items, i => i.Label == "Sum");
        Assert.DoesNotContain(list.Items, i => i.Starred);
        Assert.True(list.IsIncomplete);
        _free.Set();
        await busy.Decoder;
    }

    /// <summary>Asks while the decoder has other work, which ends with <see cref="_free"/>; comes back when the list waits for its scores.</summary>
    private async Task<(Task<CompletionAnswer> List, Task<int> Decoder)> AskWhileBusyAsync(
        ListMode mode,
        [CallerMemberName] string test = ""
    )
    {
        Engine.Configure(EngineSettings.Default with { Provider = "cpu", List = mode });
        // A text of its own: the scores of the one before are kept.
        Engine.Open(File, 1, $"{Source}// {test}");
        var model = await Engine.WhenModelLoaded;
        var decoder = model!.Queue.RunAsync(
            () =>
            {
                _free.Wait(Cancellation);
                return 0;
            },
            Cancellation
        );
        var waits = started.Clock.WhenNextAwaitedAsync();
        var list = Engine.CompleteListAsync(new ListRequest(File, Place), Cancellation);
        await waits.WaitAsync(Cancellation);
        return (list, decoder);
    }

    /// <summary>An engine on the sample whose clock stands still.</summary>
    public sealed class Started : IAsyncLifetime
    {
        private readonly TemporaryFolder _data = new();

        internal ManualClock Clock { get; } = new();

        public CompletionEngine Engine { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Engine = CompletionEngine.Start(
                new EngineOptions
                {
                    WorkspaceFolders = [SampleEngine.Root],
                    DataDirectory = _data.Path,
                    Settings = EngineSettings.Default with { Provider = "cpu" },
                    Time = Clock,
                }
            );
            Assert.Empty(await Engine.WhenReadyAsync(File, TimeSpan.FromMinutes(3), CancellationToken.None));
        }

        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            _data.Dispose();
        }
    }
}
