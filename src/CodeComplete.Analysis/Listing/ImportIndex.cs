using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;

namespace CodeComplete.Analysis;

/// <summary>
/// Knows when Roslyn has read what could be imported. It does so in the background, and lists without it until then; whoever is told that such
/// a list is whole would never see the rest.
/// </summary>
internal static class ImportIndex
{
    /// <summary>By project, what it refers to, and whether members are asked for: types and extension methods are read apart.</summary>
    private static readonly ConcurrentDictionary<(ProjectId, int References, bool IsMember), Task> Reading = [];

    // Only options that are internal make a list wait for what can be imported.
    private static readonly MethodInfo? ListWithOptions = Array.Find(
        typeof(CompletionService).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
        method =>
            method.Name == nameof(CompletionService.GetCompletionsAsync)
            && method.GetParameters() is [{ ParameterType: var first }, _, { ParameterType.Name: "CompletionOptions" }, ..]
            && first == typeof(Document)
    );

    private static readonly object? Waiting = WaitingOptions();

    /// <summary>Whether this Roslyn can be asked; where not, every list counts as whole.</summary>
    public static bool IsKnown => ListWithOptions is not null && Waiting is not null;

    /// <summary>Whether a list that is asked for from now on holds all that could be imported there.</summary>
    public static bool IsRead(Project project, bool isMember) =>
        !IsKnown || (Reading.TryGetValue(KeyOf(project, isMember), out var reading) && reading.IsCompleted);

    /// <summary>Has it read in the background, once; a failure counts as read, since the next try would fail as well.</summary>
    /// <returns>Ends when it is read.</returns>
    public static Task Read(CompletionService service, Document document, int offset, bool isMember) =>
        IsKnown
            ? Reading.GetOrAdd(KeyOf(document.Project, isMember), _ => Task.Run(() => ListAsync(service, document, offset)))
            : Task.CompletedTask;

    private static async Task ListAsync(CompletionService service, Document document, int offset)
    {
        object?[] arguments =
        [
            .. ListWithOptions!
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType == typeof(Document) ? document
                    : parameter.ParameterType == typeof(int) ? offset
                    : parameter.ParameterType == Waiting!.GetType() ? Waiting
                    : parameter.ParameterType == typeof(CompletionTrigger) ? CompletionTrigger.Invoke
                    : parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
                    : parameter.ParameterType.Name == "OptionSet" ? document.Project.Solution.Workspace.Options
                    : (object?)null
                ),
        ];
        await (Task)ListWithOptions.Invoke(service, arguments)!;
    }

    private static object? WaitingOptions()
    {
        var type = ListWithOptions?.GetParameters()[2].ParameterType;
        var options = type?.GetField("Default", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null);
        var copy = options is null
            ? null
            : type!.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.Invoke(options, null);
        var wait = type?.GetProperty("ForceExpandedCompletionIndexCreation");
        var show = type?.GetProperty("ShowItemsFromUnimportedNamespaces");
        if (copy is null || wait is null || show is null)
        {
            return null;
        }

        wait.SetValue(copy, true);
        show.SetValue(copy, true);
        return copy;
    }

    private static (ProjectId, int, bool) KeyOf(Project project, bool isMember)
    {
        var references = new HashCode();
        foreach (var reference in project.MetadataReferences)
        {
            references.Add(reference.Display, StringComparer.Ordinal);
        }

        foreach (var reference in project.AllProjectReferences)
        {
            references.Add(reference.ProjectId);
        }

        return (project.Id, references.ToHashCode(), isMember);
    }
}
