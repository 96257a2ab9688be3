using System.Text.Json;

namespace CodeComplete.Analysis;

/// <summary>A solution filter (<c>.slnf</c>): some of a solution's projects.</summary>
internal static class SolutionFilter
{
    public const string Extension = ".slnf";

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <returns>The projects' paths as they are written, and the folder that they are relative to: the solution's, not the filter's.</returns>
    /// <exception cref="InvalidDataException">The file is JSON, but not a solution filter's.</exception>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<(string Folder, IReadOnlyList<string> Projects)> ReadAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        using var json = await JsonDocument.ParseAsync(stream, Lenient, cancellation);
        if (
            json.RootElement is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("solution", out var solution)
            || solution.ValueKind != JsonValueKind.Object
            || !solution.TryGetProperty("path", out var path)
            || path.ValueKind != JsonValueKind.String
            || !solution.TryGetProperty("projects", out var projects)
            || projects.ValueKind != JsonValueKind.Array
        )
        {
            throw new InvalidDataException("a solution filter has a 'solution' with a 'path' and 'projects'");
        }

        var folder = Path.GetDirectoryName(Path.Combine(Path.GetDirectoryName(file)!, Native(path.GetString()!)))!;
        return (folder, [.. projects.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.String).Select(p => p.GetString()!)]);
    }

    private static string Native(string path) => path.Replace('\\', Path.DirectorySeparatorChar);
}
