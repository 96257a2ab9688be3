using CodeComplete.Analysis;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Startup;

/// <summary>Puts what the parts say of their start into one status: the one line an editor shows.</summary>
internal sealed class StatusBoard(Action<EngineStatus> changed)
{
    private readonly Lock gate = new();
    private bool modelReady;
    private bool projectsReady;
    private bool indexReady;
    private WorkspaceProgress? projects;
    private IndexProgress? index;

    public EngineStatus Current { get; private set; } = new(EngineState.Starting, null, "Starting");

    public void ModelReady() => Set(() => modelReady = true);

    public void Projects(WorkspaceProgress progress) => Set(() => projects = progress);

    public void ProjectsDone() => Set(() => projectsReady = true);

    public void Indexed(IndexProgress progress) => Set(() => index = progress);

    public void IndexDone() => Set(() => indexReady = true);

    private void Set(Action change)
    {
        EngineStatus now;
        lock (gate)
        {
            change();
            now = Next();
            if (now == Current)
            {
                return;
            }

            Current = now;
        }

        changed(now);
    }

    private EngineStatus Next()
    {
        if (!projectsReady)
        {
            var percent = projects is { ProjectsTotal: > 0 } p ? 100 * p.ProjectsDone / p.ProjectsTotal : (int?)null;
            return new EngineStatus(EngineState.Loading, percent, projects?.Message ?? "Loading projects");
        }

        if (!modelReady)
        {
            return new EngineStatus(EngineState.Loading, null, "Loading the model");
        }

        if (!indexReady)
        {
            var percent = index is { Total: > 0 } i ? 100 * i.Done / i.Total : (int?)null;
            return new EngineStatus(
                EngineState.Indexing,
                percent,
                index is { } at ? $"Indexing {at.Done} of {at.Total} files" : "Indexing"
            );
        }

        return new EngineStatus(EngineState.Ready, 100, "Ready");
    }
}
