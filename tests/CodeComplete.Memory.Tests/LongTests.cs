namespace CodeComplete.Memory.Tests;

/// <summary>Some tests try more often when asked to.</summary>
internal static class LongTests
{
    public static bool Wanted => Environment.GetEnvironmentVariable("CODECOMPLETE_LONG_TESTS") == "1";
}
