using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>
/// What a project has through those that it refers to: theirs as well. A restore writes that down for it; this is for what was never restored, and for
/// programs of one file.
/// </summary>
internal static class ReachedProjects
{
    /// <param name="first">Those that it refers to itself. Of one with several frameworks the newest is taken where the key names none.</param>
    /// <param name="modelsOf">What is loaded of a project file: a model for each framework.</param>
    /// <returns>The projects, also those that are not loaded, and the assemblies that they refer to.</returns>
    public static (IReadOnlyList<ProjectKey> Projects, IReadOnlyList<MetadataReference> Assemblies) From(
        IEnumerable<ProjectKey> first,
        Func<string, IEnumerable<ProjectModel>> modelsOf
    )
    {
        var projects = new List<ProjectKey>();
        var assemblies = new List<MetadataReference>();
        var seen = new HashSet<string>(Paths.Comparer);
        var waiting = new Queue<ProjectKey>(first);
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

        return (projects, assemblies);
    }
}
