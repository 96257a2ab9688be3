using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Learning;

public sealed class MemorySetTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemorySet _memories;

    public MemorySetTests()
    {
        _memories = new MemorySet(_folder.Path, new Activity(), _ => { }, NullLogger.Instance);
        _memories.Open(
            Path.GetDirectoryName(_folder.Write("work/A.cs", "class Abacus { }"))!,
            EngineSettings.Default with
            {
                MemoryDiskMb = 32,
            }
        );
    }

    private ProjectMemory Memory => _memories.All[0].Memory;

    public async ValueTask DisposeAsync()
    {
        await _memories.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void The_memory_gets_the_disk_budget_of_the_settings() => Assert.Equal(32 * 1024 * 1024, Memory.Statistics.DiskBudgetBytes);

    [Fact]
    public async Task Whoever_forgets_what_was_recalled_before_does_not_hold_any_more()
    {
        await _memories.IndexAsync(new Progress<IndexProgress>(), TestContext.Current.CancellationToken);
        var before = _memories.ChangesFor("Other.cs");
        var relearned = new List<ProjectMemory>();
        _memories.Relearn += relearned.Add;

        Assert.Equal(1, Memory.ForgetWord("Abacus").Files);
        var byOwner = _memories.ChangesFor("Other.cs");
        using (var visitor = ProjectMemory.Open(Memory.Options))
        {
            Assert.Equal(MemoryRole.Visitor, visitor.Role);
            visitor.ForgetAll();
        }

        Assert.True(byOwner > before);
        Assert.True(_memories.ChangesFor("Other.cs") > byOwner);
        Assert.Equal([Memory, Memory], relearned);
    }
}
