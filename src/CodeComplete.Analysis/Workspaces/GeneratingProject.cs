using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>A project whose source generators are to be run when there is time.</summary>
public sealed class GeneratingProject
{
    private readonly CodeWorkspace _workspace;
    private readonly ProjectId _project;

    internal GeneratingProject(CodeWorkspace workspace, ProjectId project) => (this._workspace, this._project) = (workspace, project);

    /// <summary>Runs them, where something that they read has changed since they ran, and puts what they write into the project.</summary>
    /// <returns>Whether that is anything else than before.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; nothing has changed.</exception>
    public Task<bool> RunAsync(CancellationToken cancellation) => _workspace.GenerateAsync(_project, cancellation);
}
