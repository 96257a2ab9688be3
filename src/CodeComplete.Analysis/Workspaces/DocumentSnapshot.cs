using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// A document and its whole solution as they were at one moment. Immutable: later edits make new snapshots, and what Roslyn computed for
/// this one is carried over to the next where it still holds.
/// </summary>
public sealed record DocumentSnapshot
{
    private readonly CodeWorkspace _workspace;

    internal DocumentSnapshot(CodeWorkspace workspace) => this._workspace = workspace;

    /// <summary>The absolute path, or the editor's own key such as <c>untitled:Untitled-1</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The version the editor gave; 0 for a file that is not open.</summary>
    public required int Version { get; init; }

    /// <summary>Whether the text is an editor's buffer, not the file on disk.</summary>
    public required bool IsOpen { get; init; }

    internal int DiskVersion { get; init; }

    public required Document Document { get; init; }

    public required SourceText Text { get; init; }

    /// <summary>
    /// Whether the document stands in the project that compiles it, with all its sources and references. Where not (still loading, a broken
    /// project, an unsaved file) names that do not bind prove nothing.
    /// </summary>
    public required bool IsProjectLoaded { get; init; }

    /// <summary>Whether packages that the project refers to could not be found, so that their types do not bind.</summary>
    public required bool HasMissingReferences { get; init; }

    /// <summary>Whether the document has not been edited, closed or reloaded since. Cheap; may be asked from any thread.</summary>
    public bool IsNewest => _workspace.IsNewest(this);
}
