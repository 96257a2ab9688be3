using System.Security.Cryptography;
using System.Text;

namespace CodeComplete.Memory;

/// <summary>How the memory names files: relative to the workspace root, with <c>/</c>.</summary>
internal static class WorkspacePath
{
    /// <summary>As the platform's usual file systems compare.</summary>
    public static StringComparer Comparer { get; } = IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static bool IgnoresCase => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    public static string Normalize(string path)
    {
        var name = path.Replace('\\', '/');
        return name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
    }

    /// <summary>A key of fixed length: an index key of LiteDB may have 1,023 bytes, a path has no limit.</summary>
    public static Guid Key(string path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(IgnoresCase ? path.ToUpperInvariant() : path), hash);
        return new Guid(hash[..16]);
    }
}
