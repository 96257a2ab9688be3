using CodeComplete.Analysis;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Startup;

/// <summary>Puts what the parts say of their start into one status: the one line an editor shows.</summary>
internal sealed class StatusBoard(Action<EngineStatus> changed)
{
    private readonly Lock _gate = new();
    private bool _modelReady;
    private bool _projectsReady;
    private bool _indexReady;
    private bool _paused;
    private WorkspaceProgress? _projects;
    private IndexProgress? _index;

    public EngineStatus Current { get; private set; } = new(EngineState.Starting, null, "Starting");

    public void ModelReady() => Set(() => _modelReady = true);

    public void Projects(WorkspaceProgress progress) => Set(() => _projects = progress);

    public void ProjectsDone() => Set(() => _projectsReady = true);

    public void IndexBegins() => Set(() => _indexReady = false);

    public void Indexed(IndexProgress progress) => Set(() => _index = progress);

    public void IndexDone() => Set(() => _indexReady = true);

    public void Pause(bool on) => Set(() => _paused = on);

    private void Set(Action change)
    {
        EngineStatus now;
        lock (_gate)
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
        if (_paused)
        {
            return new EngineStatus(EngineState.Paused, null, "Paused: no ghost text and no list until it is resumed");
        }

        if (!_projectsReady)
        {
            var percent = _projects is { ProjectsTotal: > 0 } p ? 100 * p.ProjectsDone / p.ProjectsTotal : (int?)null;
            return new EngineStatus(EngineState.Loading, percent, _projects?.Message ?? "Loading projects");
        }

        if (!_modelReady)
        {
            return new EngineStatus(EngineState.Loading, null, "Loading the model");
        }

        if (!_indexReady)
        {
            var percent = _index is { Total: > 0 } i ? 100 * i.Done / i.Total : (int?)null;
            return new EngineStatus(
                EngineState.Indexing,
                percent,
                _index is { } at ? $"Indexing {at.Done} of {at.Total} files" : "Indexing"
            );
        }

        return new EngineStatus(EngineState.Ready, 100, "Ready");
    }
}
