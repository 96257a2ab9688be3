using System.Collections.Immutable;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.VisualStudio.SolutionPersistence.Serializer;

namespace CodeComplete.Analysis;

/// <summary>A project file, and the solution that named it.</summary>
internal readonly record struct FoundProject(string File, string? Solution);

/// <summary>What a search of the workspace folders found.</summary>
/// <param name="First">The projects that may hold the file the user has open.</param>
/// <param name="LooseFolders">Folders with no project in them or above.</param>
internal sealed record FoundProjects(
    IReadOnlyList<FoundProject> First,
    IReadOnlyList<FoundProject> Rest,
    IReadOnlyList<string> LooseFolders,
    IReadOnlyList<WorkspaceNotice> Notices
);

/// <summary>Finds what there is to load. Reads folders and solution files only.</summary>
internal sealed class ProjectFiles(IReadOnlyList<string> folders, IReadOnlyList<string> exclude)
{
    /// <summary>A user who opens their home folder must not wait until all of it is read.</summary>
    private const int MostFolders = 20_000;
    private const int MostLooseSources = 5_000;

    private static readonly EnumerationOptions Quietly = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly List<WorkspaceNotice> _notices = [];

    public async Task<FoundProjects> FindAsync(string? firstFile, CancellationToken cancellation)
    {
        var found = new List<FoundProject>();
        var loose = new List<string>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                _notices.Add(new WorkspaceNotice(IsError: true, $"The workspace folder {folder} does not exist."));
                continue;
            }

            var below = await BelowAsync(folder, cancellation);
            var projects =
                below.Count > 0 ? below : [.. NearestAbove(Path.Combine(folder, "_")).Select(file => new FoundProject(file, null))];
            found.AddRange(projects);
            if (projects.Count == 0)
            {
                loose.Add(folder);
            }
        }

        var all = found.DistinctBy(project => project.File, Paths.Comparer).ToList();
        var near = firstFile is not null && Paths.IsFile(firstFile) ? NearestAbove(firstFile).ToHashSet(Paths.Comparer) : [];
        var first = all.Where(project => near.Contains(project.File)).ToList();
        var unlisted = near.Except(first.Select(project => project.File), Paths.Comparer).Select(file => new FoundProject(file, null));
        return new FoundProjects([.. first, .. unlisted], [.. all.Except(first)], loose, _notices);
    }

    /// <summary>
    /// The project files in the nearest folder above a file that has any. Not looked for above a repository's root: what lies there has
    /// nothing to do with it.
    /// </summary>
    public static IReadOnlyList<string> NearestAbove(string file)
    {
        foreach (var folder in Paths.FoldersAbove(file))
        {
            if (Directory.Exists(folder))
            {
                var projects = Directory.EnumerateFiles(folder, "*.csproj", Quietly).Order(StringComparer.Ordinal).ToList();
                if (projects.Count > 0)
                {
                    return projects;
                }

                if (Path.Exists(Path.Combine(folder, ".git")))
                {
                    break;
                }
            }
        }

        return [];
    }

    /// <summary>The C# files below a folder, without those of builds, of tools, and of other projects.</summary>
    public ImmutableArray<string> SourcesBelow(string folder, CancellationToken cancellation)
    {
        var sources = ImmutableArray.CreateBuilder<string>();
        foreach (var current in Walk(folder, IsOther, cancellation).Where(current => !IsOther(current)))
        {
            sources.AddRange(Directory.EnumerateFiles(current, "*.cs", Quietly).Where(file => !IsExcluded(file)));
            if (sources.Count >= MostLooseSources)
            {
                break;
            }
        }

        return sources.DrainToImmutable();

        bool IsOther(string below) => below != folder && Directory.EnumerateFiles(below, "*.csproj", Quietly).Any();
    }

    /// <summary>Whether a file lies in a folder that builds fill.</summary>
    public static bool IsBuildOutput(string path, string projectFile)
    {
        var folder = Path.GetDirectoryName(projectFile);
        var parts = (folder is not null && Paths.IsInside(path, folder) ? Path.GetRelativePath(folder, path) : path).Split(
            Path.DirectorySeparatorChar,
            Path.AltDirectorySeparatorChar
        );
        return parts.SkipLast(1).Any(IsOutputName);
    }

    public bool IsExcluded(string path) =>
        exclude.Count > 0
        && folders.FirstOrDefault(folder => Paths.IsInside(path, folder)) is { } home
        && Matcher().Match(Path.GetRelativePath(home, path)).HasMatches;

    private static bool IsOutputName(string name) =>
        name.Equals("obj", StringComparison.OrdinalIgnoreCase) || name.Equals("bin", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The projects below a folder. A solution speaks for the folder it lies in and all below; elsewhere every project file counts.
    /// </summary>
    private async Task<List<FoundProject>> BelowAsync(string folder, CancellationToken cancellation)
    {
        var found = new List<FoundProject>();
        var solved = new HashSet<string>(Paths.Comparer);
        foreach (var current in Walk(folder, solved.Contains, cancellation))
        {
            var solutions = Directory
                .EnumerateFiles(current, "*.sln*", Quietly)
                .Where(file =>
                    Path.GetExtension(file).ToLowerInvariant() is ".sln" or ".slnx" or SolutionFilter.Extension && !IsExcluded(file)
                )
                .Order(StringComparer.Ordinal);
            var projects = new List<FoundProject>();
            foreach (var solution in solutions)
            {
                projects.AddRange(await ReadAsync(solution, cancellation));
            }

            if (projects.Count > 0)
            {
                solved.Add(current);
                found.AddRange(projects);
                continue;
            }

            found.AddRange(
                Directory
                    .EnumerateFiles(current, "*.csproj", Quietly)
                    .Where(file => !IsExcluded(file))
                    .Order(StringComparer.Ordinal)
                    .Select(file => new FoundProject(file, Solution: null))
            );
        }

        return found;
    }

    private async Task<IReadOnlyList<FoundProject>> ReadAsync(string solution, CancellationToken cancellation)
    {
        try
        {
            var (home, named) = await NamedAsync(solution, cancellation);
            var projects = named
                .Where(path => path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase))
                .Select(path => Paths.Normalize(Path.Combine(home, path.Replace('\\', Path.DirectorySeparatorChar))))
                .Where(path => !IsExcluded(path))
                .ToLookup(File.Exists);
            foreach (var missing in projects[false])
            {
                _notices.Add(
                    new WorkspaceNotice(
                        IsError: true,
                        $"{Path.GetFileName(solution)} names {missing}, which does not exist; the rest is loaded."
                    )
                );
            }

            return [.. projects[true].Select(path => new FoundProject(path, solution))];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _notices.Add(
                new WorkspaceNotice(
                    IsError: true,
                    $"{solution} cannot be read ({OneLine.Of(e.Message)}); the project files below it are loaded."
                )
            );
            return [];
        }
    }

    /// <summary>The projects that a solution or a filter names, as they are written, and the folder they are relative to.</summary>
    private static async Task<(string Folder, IReadOnlyList<string> Projects)> NamedAsync(string solution, CancellationToken cancellation)
    {
        if (Path.GetExtension(solution).Equals(SolutionFilter.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return await SolutionFilter.ReadAsync(solution, cancellation);
        }

        var model = await SolutionSerializers.GetSerializerByMoniker(solution)!.OpenAsync(solution, cancellation);
        return (Path.GetDirectoryName(solution)!, [.. model.SolutionProjects.Select(project => project.FilePath)]);
    }

    /// <summary>A folder and those below it, breadth first. Below one for which <paramref name="isEnd"/> holds nothing is looked at.</summary>
    private IEnumerable<string> Walk(string root, Func<string, bool> isEnd, CancellationToken cancellation)
    {
        var queue = new Queue<string>([root]);
        for (var count = 0; queue.TryDequeue(out var folder); count++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (count >= MostFolders)
            {
                _notices.Add(
                    new WorkspaceNotice(
                        IsError: false,
                        $"{root} holds over {MostFolders:N0} folders: open the solution's own folder to have all of it."
                    )
                );
                yield break;
            }

            yield return folder;
            if (isEnd(folder))
            {
                continue;
            }

            foreach (var below in Directory.EnumerateDirectories(folder, "*", Quietly).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(below);
                if (name[0] != '.' && name != "node_modules" && !IsOutputName(name) && !IsExcluded(below))
                {
                    queue.Enqueue(below);
                }
            }
        }
    }

    private Matcher Matcher()
    {
        var matcher = new Matcher(Paths.Comparison);
        matcher.AddIncludePatterns(exclude);
        return matcher;
    }
}
