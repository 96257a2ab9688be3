using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// The directives at the top of a program of one file (<c>dotnet run app.cs</c>): <c>#:sdk Name</c>, <c>#:package Name@Version</c>,
/// <c>#:project Path</c>; others change nothing here.
/// </summary>
/// <param name="Text">Those three, a line each, in their order: what is equal in it is equal in all.</param>
/// <param name="Packages">Of one without a version it is <see langword="null"/>; <c>Source</c> is the file that names it.</param>
/// <param name="Projects">As they are written, relative to the file that names them.</param>
internal sealed record FileDirectives(
    string Text,
    string Sdk,
    IReadOnlyList<(string Name, string? Version, string Source)> Packages,
    IReadOnlyList<(string Path, string Source)> Projects
)
{
    private const string Mark = "#:";

    public static FileDirectives None { get; } = new("", "Microsoft.NET.Sdk", [], []);

    /// <param name="sources">Of several, what any of them asks for.</param>
    public static FileDirectives Read(IEnumerable<(string Path, SourceText Text)> sources)
    {
        var lines = new List<string>();
        var sdk = None.Sdk;
        var packages = new List<(string, string?, string)>();
        var projects = new List<(string, string)>();
        foreach (var (source, line) in sources.SelectMany(source => Lines(source.Text).Select(line => (source.Path, line))))
        {
            var parts = line[Mark.Length..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts is not [var kind, { Length: > 0 } value])
            {
                continue;
            }

            var named = value.Split('@', 2, StringSplitOptions.TrimEntries);
            switch (kind)
            {
                case "sdk":
                    sdk = named[0];
                    break;
                case "package":
                    packages.Add((named[0], named.Length > 1 ? named[1] : null, source));
                    break;
                case "project":
                    projects.Add((value, source));
                    break;
                default:
                    continue;
            }

            lines.Add($"{kind} {value}");
        }

        return lines.Count == 0 ? None : new FileDirectives(string.Join('\n', lines), sdk, packages, projects);
    }

    /// <summary>The lines of directives: they stand above all code.</summary>
    private static IEnumerable<string> Lines(SourceText source) =>
        source
            .Lines.Select(line => source.ToString(line.Span).Trim())
            .TakeWhile(line => line.Length == 0 || line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal))
            .Where(line => line.StartsWith(Mark, StringComparison.Ordinal));
}
