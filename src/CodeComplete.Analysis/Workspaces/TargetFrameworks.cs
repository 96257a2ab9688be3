using System.Globalization;

namespace CodeComplete.Analysis;

/// <summary>Chooses among the frameworks of one project.</summary>
internal static class TargetFrameworks
{
    /// <returns>The index of the one the user asked for, else of the newest; .NET counts as newer than .NET Standard and .NET Framework.</returns>
    public static int Choose(IReadOnlyList<string?> frameworks, string? wanted)
    {
        var best = 0;
        for (var i = 0; i < frameworks.Count; i++)
        {
            if (wanted is not null && string.Equals(frameworks[i], wanted, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }

            if (Age(frameworks[i]).CompareTo(Age(frameworks[best])) > 0)
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Whether code for .NET of this major version may use what was built for a framework; what names none was built for all.</summary>
    public static bool IsFor(string framework, int major) =>
        framework.Length == 0
        || Age(framework) switch
        {
            (1, _, _) => true,
            (2, var version, 1) => version < major + 1,
            _ => false,
        };

    /// <summary>
    /// <c>net10.0</c> and <c>netcoreapp3.1</c> by version, then <c>netstandard2.0</c>, then <c>net48</c>; of two for different platforms
    /// (<c>net10.0</c>, <c>net10.0-windows</c>) the plain one.
    /// </summary>
    private static (int Family, double Version, int Plain) Age(string? framework)
    {
        var (name, plain) = (framework ?? "").Split('-') is [var first, ..] parts ? (first, parts.Length == 1 ? 1 : 0) : ("", 0);
        if (name.StartsWith("netstandard", StringComparison.OrdinalIgnoreCase))
        {
            return (1, Number(name["netstandard".Length..]), plain);
        }

        if (name.StartsWith("netcoreapp", StringComparison.OrdinalIgnoreCase))
        {
            return (2, Number(name["netcoreapp".Length..]), plain);
        }

        if (name.StartsWith("net", StringComparison.OrdinalIgnoreCase))
        {
            return (name.Contains('.', StringComparison.Ordinal) ? 2 : 0, Number(name["net".Length..]), plain);
        }

        return (-1, 0, plain);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
