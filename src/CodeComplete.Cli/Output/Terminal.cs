using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>What this terminal can show.</summary>
internal static class Terminal
{
    public const string Dim = "\u001b[2;3m";
    public const string Yellow = "\u001b[33m";
    public const string Bold = "\u001b[1m";
    public const string Reset = "\u001b[0m";

    /// <summary>A person looks at standard output and wants colour (https://no-color.org).</summary>
    public static bool HasColour => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static bool IsInteractive => !Console.IsErrorRedirected;

    /// <summary>Each on a line of standard error.</summary>
    public static async Task SayAsync(IEnumerable<Notice> notices)
    {
        foreach (var notice in notices)
        {
            await Console.Error.WriteLineAsync($"codecomplete: {notice.Message}");
        }
    }

    public static string Line(Finding finding)
    {
        var sign = finding.Health switch
        {
            Health.Good => "ok  ",
            Health.Weak => "slow",
            Health.Absent => "none",
            _ => "FAIL",
        };
        return $"{sign}  {finding.Part, -12} {finding.Text}";
    }
}
