using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>The projects that a program of one file names (<c>#:project ../Lib</c>), found as <c>dotnet run app.cs</c> finds them.</summary>
internal static class NamedProjects
{
    /// <returns>
    /// Normalised project files, and a sentence for each that is not there. One that needs MSBuild to be found (<c>$(Name)</c>), or a program that
    /// is on no disk, is in neither, nor is a project of another language.
    /// </returns>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Missing) Find(IEnumerable<(string Path, string Source)> named)
    {
        var files = new List<string>();
        var missing = new List<string>();
        foreach (var (written, source) in named)
        {
            if (
                !Paths.IsFile(source)
                || written.Contains("$(", StringComparison.Ordinal)
                || written.Contains('\0', StringComparison.Ordinal)
            )
            {
                continue;
            }

            var path = Paths.Normalize(Path.Combine(Path.GetDirectoryName(source)!, written.Replace('\\', '/')));
            string? what = null;
            if (Directory.Exists(path))
            {
                var inside = Directory.GetFiles(path, "*proj", new EnumerationOptions { IgnoreInaccessible = true });
                what =
                    inside.Length == 0 ? "holds no project: correct the path"
                    : inside.Length > 1 ? "holds several projects: name one of them"
                    : null;
                path = inside is [var only] ? only : path;
            }
            else if (!File.Exists(path))
            {
                what = "does not exist: correct the path";
            }

            if (what is not null)
            {
                missing.Add($"{Path.GetFileName(source)} refers to {path}, which {what} in its `#:project`.");
            }
            else if (path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase))
            {
                files.Add(path);
            }
        }

        return (files, missing);
    }

    /// <summary>A program has what its projects refer to as well, and the assemblies of all of these, as a restore would hand them on.</summary>
    /// <param name="files">Project files that it names.</param>
    /// <param name="modelsOf">What is loaded of a project file: a model for each framework.</param>
    /// <returns>Of a project that is not loaded its file alone; of one with several frameworks the newest.</returns>
    public static (ImmutableArray<ProjectKey> Projects, IReadOnlyList<MetadataReference> Assemblies) Reached(
        IEnumerable<string> files,
        Func<string, IEnumerable<ProjectModel>> modelsOf
    )
    {
        var projects = ImmutableArray.CreateBuilder<ProjectKey>();
        var assemblies = new List<MetadataReference>();
        var seen = new HashSet<string>(Paths.Comparer);
        var waiting = new Queue<ProjectKey>(files.Select(file => new ProjectKey(file)));
        while (waiting.TryDequeue(out var key))
        {
            if (!seen.Add(key.Path))
            {
                continue;
            }

            var models = modelsOf(key.Path).ToList();
            if (models.Count == 0)
            {
                projects.Add(key);
                continue;
            }

            var model =
                models.Find(model => model.Key == key)
                ?? models[TargetFrameworks.Choose([.. models.Select(model => model.Key.Framework)], wanted: null)];
            projects.Add(model.Key);
            assemblies.AddRange(model.References);
            foreach (var reference in model.ProjectReferences)
            {
                waiting.Enqueue(reference.Key);
            }
        }

        return (projects.DrainToImmutable(), assemblies);
    }
}
