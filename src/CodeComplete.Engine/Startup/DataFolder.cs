using CodeComplete.Memory;

namespace CodeComplete.Engine;

/// <summary>Where the product keeps what it keeps for this user.</summary>
public static class DataFolder
{
    /// <summary><c>$XDG_DATA_HOME/codecomplete</c> on Linux; the platform's own place for local data elsewhere.</summary>
    public static string Default => MemoryOptions.DefaultDataDirectory;
}
