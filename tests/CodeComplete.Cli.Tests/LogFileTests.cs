using CodeComplete.Cli.Output;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Tests;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public LogFileTests() => _path = LogFile.DefaultPath(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_taken_may_change_while_it_is_written()
    {
        using (var file = new LogFile(_path))
        using (var logs = file.CreateFactory())
        {
            var log = logs.CreateLogger("A.B.Part");
            log.LogDebug("one");
            log.LogInformation("two");
            file.Level = LogLevel.Trace;
            log.LogTrace("three");
            file.Level = LogLevel.Error;
            log.LogWarning("four");
            log.LogError(new InvalidOperationException("why"), "five");
            file.Level = LogLevel.None;
            log.LogCritical("six");
        }

        var lines = await File.ReadAllLinesAsync(_path, TestContext.Current.CancellationToken);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^[-0-9T:.]+Z Information Part: two$", lines[0]);
        Assert.EndsWith(" Trace       Part: three", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" Error       Part: five | System.InvalidOperationException: why", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_log_goes_to_the_older_file_and_never_grows_past_its_size()
    {
        using (var logs = LogFile.Create(_path, LogLevel.Information))
        {
            var log = logs.CreateLogger("Part");
            var kilobyte = new string('x', 1024);
            for (var i = 0; i < 2.5 * LogFile.MostBytes / 1024; i++)
            {
                log.LogInformation("{Number} {Text}", i, kilobyte);
            }
        }

        var (now, old) = (new FileInfo(_path), new FileInfo(_path + ".old"));
        Assert.InRange(now.Length, 1, LogFile.MostBytes);
        Assert.InRange(old.Length, LogFile.MostBytes - 2048, LogFile.MostBytes);
        Assert.Equal(2, Directory.GetFiles(now.DirectoryName!).Length);
        var last = (await File.ReadAllLinesAsync(old.FullName, TestContext.Current.CancellationToken))[^1];
        var first = (await File.ReadAllLinesAsync(_path, TestContext.Current.CancellationToken))[0];
        Assert.Equal(NumberIn(last) + 1, NumberIn(first));

        static int NumberIn(string line) =>
            int.Parse(line.Split("Part: ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Several_servers_write_a_file_each_and_a_full_one_stays_its_writers()
    {
        await File.WriteAllTextAsync(_folder.Write("logs/codecomplete.log", ""), new string('x', (int)LogFile.MostBytes - 10));
        using var one = new LogFile(_path);
        using var two = new LogFile(_path);
        using var ofOne = one.CreateFactory();
        using var ofTwo = two.CreateFactory();
        ofOne.CreateLogger("Part").LogInformation("first of one");
        using var three = new LogFile(_path);
        using var ofThree = three.CreateFactory();
        ofTwo.CreateLogger("Part").LogInformation("first of two");
        ofThree.CreateLogger("Part").LogInformation("first of three");
        ofOne.CreateLogger("Part").LogInformation("second of one");
        foreach (var file in new[] { one, two, three })
        {
            file.Dispose();
        }

        string Text(string name) => File.ReadAllText(Path.Combine(_folder.Path, "logs", name));
        Assert.Contains("first of one", Text("codecomplete.log"), StringComparison.Ordinal);
        Assert.Contains("second of one", Text("codecomplete.log"), StringComparison.Ordinal);
        Assert.Contains("first of two", Text("codecomplete.2.log"), StringComparison.Ordinal);
        Assert.Contains("first of three", Text("codecomplete.3.log"), StringComparison.Ordinal);
        Assert.StartsWith("xxx", Text("codecomplete.log.old"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_none()
    {
        using var logs = LogFile.Create(Path.Combine(_folder.Write("file", ""), "codecomplete.log"), LogLevel.Information);
        logs.CreateLogger("Part").LogError("lost");
        Assert.Equal("", File.ReadAllText(Path.Combine(_folder.Path, "file")));
    }
}
