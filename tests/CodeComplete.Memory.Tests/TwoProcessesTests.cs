using System.Diagnostics;

namespace CodeComplete.Memory.Tests;

/// <summary>Two processes on one workspace, both at work without a pause.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public async Task When_the_owner_is_killed_the_visitor_takes_over_and_nothing_confirmed_is_lost()
    {
        using var owner = new Sharer(_opened, firstNumber: 0);
        await owner.ReadUntilAsync("role Owner");
        using var visitor = new Sharer(_opened, firstNumber: 1_000_000);
        await visitor.ReadUntilAsync("role Visitor");
        await Task.WhenAll(owner.ReadAcceptancesAsync(40), visitor.ReadAcceptancesAsync(40));
        await visitor.ReadUntilAsync("recalled 3");

        owner.Process.Kill();
        await owner.ReadToEndAsync();
        await visitor.ReadUntilAsync("role Owner");
        await visitor.ReadAcceptancesAsync(20);
        await visitor.ReadUntilAsync("recalled 3");
        visitor.Process.StandardInput.Close();
        await visitor.ReadToEndAsync();

        HashSet<Guid> confirmed = [.. owner.Acceptances, .. visitor.Acceptances];
        Assert.True(owner.Acceptances.Count >= 40 && visitor.Acceptances.Count >= 60);
        Assert.True(visitor.Knows >= confirmed.Count, $"The visitor knew {visitor.Knows} of {confirmed.Count}.");
        Assert.Equal(0, visitor.Process.ExitCode);
        var memory = _opened.Open();
        Assert.True(memory.IsOwner);
        Assert.Null(memory.Message);
        Assert.Superset(confirmed, memory.Acceptances().Select(acceptance => acceptance.Id).ToHashSet());
        Assert.Equal(20, memory.Statistics.Files);
    }

    /// <summary>The child, and what it has said so far.</summary>
    private sealed class Sharer : IDisposable
    {
        public Sharer(Opened opened, int firstNumber)
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CodeComplete.Memory.Writer.dll"));
            start.ArgumentList.Add(opened.Workspace);
            start.ArgumentList.Add(opened.Data);
            start.ArgumentList.Add($"{firstNumber}");
            start.ArgumentList.Add("share");
            Process = Process.Start(start)!;
        }

        public Process Process { get; }

        public HashSet<Guid> Acceptances { get; } = [];

        public int Knows { get; private set; }

        public async Task ReadUntilAsync(string wanted)
        {
            for (var line = await ReadLineAsync(); line != wanted; line = await ReadLineAsync())
            {
                Assert.True(line is not null, $"The process ended before it said '{wanted}'.");
            }
        }

        public async Task ReadAcceptancesAsync(int count)
        {
            for (var last = Acceptances.Count + count; Acceptances.Count < last; )
            {
                Assert.NotNull(await ReadLineAsync());
            }
        }

        public async Task ReadToEndAsync()
        {
            while (await ReadLineAsync() is not null) { }

            await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        public void Dispose()
        {
            if (!Process.HasExited)
            {
                Process.Kill();
            }

            Process.Dispose();
        }

        private async Task<string?> ReadLineAsync()
        {
            var line = await Process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            switch (line?.Split(' '))
            {
                // A kill may tear the last line; half of one confirms nothing.
                case ["acceptance", var id] when Guid.TryParseExact(id, "D", out var acceptance):
                    Acceptances.Add(acceptance);
                    break;
                case ["knows", var count]:
                    Knows = int.Parse(count);
                    break;
            }

            return line;
        }
    }
}
