using System.Text.RegularExpressions;

namespace CodeComplete.Testing;

/// <summary>A place in the sample, cut after a <c>.</c>: the rest of its line is taken out of the document.</summary>
/// <param name="Text">The document without that rest.</param>
/// <param name="Written">The name that stood after the dot.</param>
/// <param name="Line">From 0.</param>
/// <param name="Character">From 0, right after the dot.</param>
/// <param name="Rest">The rest of the line that was taken out, without trailing blanks.</param>
public sealed partial record SamplePlace(string File, string Text, int Line, int Character, string Written, string Rest)
{
    public override string ToString() => $"{Path.GetFileName(File)}:{Line + 1}:{Character + 1} .{Written}";

    /// <summary>Member accesses in code, drawn with a seed from all files; never two in one file.</summary>
    /// <param name="root">The folder to draw from; the sample where it is <see langword="null"/>.</param>
    public static IReadOnlyList<SamplePlace> Draw(int count, int seed, string? root = null)
    {
        var random = new Random(seed);
        var files = Directory
            .EnumerateFiles(root ?? Product.Sample, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(s => s is "obj" or "bin"))
            .Order(StringComparer.Ordinal)
            .ToArray();
        random.Shuffle(files);
        var places = new List<SamplePlace>();
        foreach (var file in files)
        {
            var candidates = In(file).ToArray();
            if (candidates.Length > 0 && places.Count < count)
            {
                places.Add(candidates[random.Next(candidates.Length)]);
            }
        }

        return places;
    }

    private static IEnumerable<SamplePlace> In(string file)
    {
        var text = System.IO.File.ReadAllText(file);
        var start = 0;
        foreach (var (number, line) in text.Split('\n').Index())
        {
            var code = line.TrimStart();
            if (
                !code.StartsWith("using ", StringComparison.Ordinal)
                && !code.StartsWith("namespace ", StringComparison.Ordinal)
                && !code.StartsWith("//", StringComparison.Ordinal)
            )
            {
                foreach (Match dot in MemberAccess().Matches(line))
                {
                    // An odd number of quotes before it: the dot stands in a string.
                    if (line.AsSpan(0, dot.Index).Count('"') % 2 == 0 && !line[..dot.Index].Contains("//", StringComparison.Ordinal))
                    {
                        var at = dot.Index + 1;
                        var end = start + line.TrimEnd().Length;
                        yield return new SamplePlace(
                            file,
                            text.Remove(start + at, end - start - at),
                            number,
                            at,
                            dot.Groups["name"].Value,
                            line[at..].TrimEnd()
                        );
                    }
                }
            }

            start += line.Length + 1;
        }
    }

    [GeneratedRegex(@"(?<=[\w\)\]>!\?])\.(?<name>[A-Za-z_]\w*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MemberAccess();
}
