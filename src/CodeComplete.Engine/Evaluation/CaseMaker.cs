using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CodeComplete.Analysis;

namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// Cuts a project's own files at the use of a member that the project itself defines (CrossCodeEval, arXiv 2310.11248): only who knows the
/// project can go on there. Which cases are made follows from the seed and the files alone, not from the order in which files are found.
/// </summary>
/// <param name="kinds">Of <see cref="CaseKinds"/>; each gets the same share where there are enough places.</param>
internal sealed class CaseMaker(CodeWorkspace workspace, string root, int seed, IReadOnlyCollection<string> kinds)
{
    private const int ShortestGroundtruth = 3;
    private const int LongestGroundtruth = 120;
    private const int ShortestName = 4;
    private const int MostTyped = 3;

    // More only where the project has too few files.
    private const int MostOfOneFile = 2;

    // So many files are bound that there is something to choose from.
    private const int PlacesForACase = 3;

    private static readonly SearchValues<char> Closers = SearchValues.Create(")]};, ");

    private static readonly string[] GeneratedEndings = [".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", ".AssemblyInfo.cs"];

    // Code for tests to read: nobody types it.
    private static readonly HashSet<string> DataFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        "bin",
        "obj",
        "fixtures",
        "testdata",
        "test-data",
        "testassets",
        "snapshots",
        "__snapshots__",
    };

    /// <param name="Line">Where its line begins.</param>
    /// <param name="Key">Of the whole line, so that the same line is asked for once.</param>
    /// <param name="Order">From the seed; no two are equal but by an accident of SHA-256.</param>
    private sealed record Candidate(EvaluationCase Case, int Line, string Key, bool IsDeclaredElsewhere, ulong Order);

    /// <summary>The projects must be loaded.</summary>
    /// <returns>At most <paramref name="count"/>, fewer where the project has no more. Members that other files declare come first.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<IReadOnlyList<EvaluationCase>> MakeAsync(int count, CancellationToken cancellation)
    {
        var own = workspace.SourceFiles.Where(path => Relative(path) is not null).ToHashSet(StringComparer.Ordinal);
        var pool = new List<Candidate>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var places = 0;
        // By name first: of two files with the same text always the same one is left out.
        var files = own.Where(IsWritten).Order(StringComparer.Ordinal).Where(path => texts.Add(TextOf(path))).ToList();
        foreach (var path in files.OrderBy(path => Order(Relative(path)!)))
        {
            if (places >= (long)PlacesForACase * count)
            {
                break;
            }

            var found = await InAsync(path, own, cancellation);
            pool.AddRange(found);
            places += Math.Min(MostOfOneFile, found.Select(candidate => candidate.Line).Distinct().Count());
        }

        return Choose(pool, count);
    }

    /// <summary>Takes the kinds in turn, and of each the best that is left.</summary>
    private List<EvaluationCase> Choose(List<Candidate> pool, int count)
    {
        var chosen = new List<EvaluationCase>();
        var lines = new HashSet<string>(StringComparer.Ordinal);
        var ofFile = new Dictionary<string, int>(StringComparer.Ordinal);
        var ofKinds = CaseKinds
            .All.Where(kinds.Contains)
            .Select(kind =>
                pool.Where(candidate => candidate.Case.Kind == kind)
                    .OrderByDescending(candidate => candidate.IsDeclaredElsewhere)
                    .ThenBy(candidate => candidate.Order)
                    .ToList()
            )
            .ToList();
        for (var most = MostOfOneFile; chosen.Count < count && ofKinds.Exists(kind => kind.Count > 0); most *= 2)
        {
            bool any;
            do
            {
                any = false;
                foreach (var kind in ofKinds)
                {
                    any |= Take(kind);
                }
            } while (any);

            bool Take(List<Candidate> kind)
            {
                kind.RemoveAll(candidate => lines.Contains(candidate.Key));
                var next = kind.FindIndex(candidate => ofFile.GetValueOrDefault(candidate.Case.File) < most);
                if (next < 0 || chosen.Count == count)
                {
                    return false;
                }

                var taken = kind[next];
                lines.Add(taken.Key);
                ofFile[taken.Case.File] = ofFile.GetValueOrDefault(taken.Case.File) + 1;
                chosen.Add(taken.Case);
                return true;
            }
        }

        return chosen;
    }

    private async Task<IReadOnlyList<Candidate>> InAsync(string path, HashSet<string> own, CancellationToken cancellation)
    {
        if (workspace.Take(path) is not { } snapshot)
        {
            return [];
        }

        var text = snapshot.TextOf();
        var found = new Dictionary<string, Candidate>(StringComparer.Ordinal);
        foreach (var use in await NameUses.InAsync(snapshot, cancellation))
        {
            if (use.IsType || !own.Contains(use.DeclaredIn))
            {
                continue;
            }

            foreach (var (kind, offset, standing) in Cuts(text, use).Where(cut => kinds.Contains(cut.Kind)))
            {
                // Two members on one line make the same cut: it counts for the one of the other file.
                if (
                    CaseAt(text, path, kind, offset, standing) is { } made
                    && (!found.TryGetValue(made.Id, out var known) || (use.IsDeclaredElsewhere && !known.IsDeclaredElsewhere))
                )
                {
                    var key = Lines.At(text, offset).Trim();
                    found[made.Id] = new Candidate(made, Lines.StartOf(text, offset), key, use.IsDeclaredElsewhere, Order(made.Id));
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>Where the line of a use can be cut, what kind of place that makes, and what stands right of the cursor then.</summary>
    private IEnumerable<(string Kind, int Offset, string? Standing)> Cuts(string text, NameUse use)
    {
        if (use.IsAfterDot && text[use.Start - 1] == '.')
        {
            yield return (CaseKinds.AfterDot, use.Start, null);
        }

        if (use.Name.Length >= ShortestName)
        {
            // Not the whole name: what is left must say something.
            var most = Math.Min(MostTyped, use.Name.Length - ShortestName + 1);
            yield return (CaseKinds.InsideWord, use.Start + 1 + (int)(Order($"{use.Name} {use.Start}") % (ulong)most), null);
        }

        if (use.ArgumentsStart is { } arguments && arguments >= Lines.StartOf(text, use.Start))
        {
            yield return (CaseKinds.Argument, arguments, null);
            var rest = Lines.RestOf(text, arguments);
            var closer = (use.ArgumentsEnd ?? arguments) - arguments;
            if (closer > 0 && closer < rest.Length && !rest.AsSpan(closer).ContainsAnyExcept(Closers))
            {
                yield return (CaseKinds.ClosedArgument, arguments, rest[closer..]);
            }
        }

        var start = Lines.CodeStartOf(text, use.Start);
        if (use.StatementStart == start)
        {
            yield return (CaseKinds.StatementStart, start, null);
        }
        // Where a member begins, its name is the user's to invent; without an indentation nothing was begun.
        else if (use.MemberStart < Lines.StartOf(text, start) && start > Lines.StartOf(text, start))
        {
            yield return (CaseKinds.FreshLine, start, null);
        }
    }

    private EvaluationCase? CaseAt(string text, string path, string kind, int offset, string? standing)
    {
        var groundtruth = Lines.RestOf(text, offset);
        // A comment is nothing that code lets one foresee.
        if (
            groundtruth.Length - (standing?.Length ?? 0) < ShortestGroundtruth
            || groundtruth.Length > LongestGroundtruth
            || groundtruth.Contains("//", StringComparison.Ordinal)
            || groundtruth.Contains("/*", StringComparison.Ordinal)
        )
        {
            return null;
        }

        var file = Relative(path)!;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{file}\n{offset}\n{groundtruth}"));
        return new EvaluationCase($"{kind}-{Convert.ToHexStringLower(hash.AsSpan(0, 6))}", file, offset, groundtruth, kind)
        {
            Standing = standing,
        };
    }

    private ulong Order(string what) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {what}")));

    /// <summary>Was it written by hand, to be compiled?</summary>
    private bool IsWritten(string path) =>
        !Relative(path)!.Split('/').SkipLast(1).Any(DataFolders.Contains)
        && !GeneratedEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        && !TextOf(path).AsSpan(0, Math.Min(TextOf(path).Length, 2000)).Contains("<auto-generated", StringComparison.OrdinalIgnoreCase);

    private string TextOf(string path) => workspace.Take(path)?.TextOf() ?? "";

    private string? Relative(string path)
    {
        var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }
}
