namespace CodeComplete.Testing;

/// <summary>Some tests try more often when asked to: <c>.ci/long</c> asks.</summary>
public static class LongTests
{
    public static bool Wanted => Environment.GetEnvironmentVariable("CODECOMPLETE_LONG_TESTS") == "1";
}
