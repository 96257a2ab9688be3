using CodeComplete.Testing;

// One engine with one decoder: tests take turns.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(CodeComplete.Engine.Tests.SampleEngine))]

namespace CodeComplete.Engine.Tests;

/// <summary>One engine on the sample solution, with the shipped model and a memory of its own, ready before the first test.</summary>
public sealed class SampleEngine : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();

    public static string Root { get; } = Path.Combine(Repository.Fixtures, "Clinic");

    public CompletionEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [Root],
                DataDirectory = _data.Path,
                Settings = EngineSettings.Default with { Provider = "cpu" },
            }
        );
        var missing = await Engine.WhenReadyAsync(
            Path.Combine(Root, "src", "Clinic.Domain", "Common", "Money.cs"),
            TimeSpan.FromMinutes(3),
            CancellationToken.None
        );
        Assert.Empty(missing);
        Assert.NotNull(Engine.Model);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _data.Dispose();
    }
}
