using CodeComplete.Engine.Documents;
using CodeComplete.Memory;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Learning;

/// <summary>
/// What the memory knows of files beyond their words is made when nobody needs the machine: vectors, token counts, and the symbols' relations,
/// which take the compiler. It begins again whenever <see cref="Stir"/> says that there may be something new.
/// </summary>
/// <param name="tokens">Whose tokens are counted; <see langword="null"/> where there is no model.</param>
internal sealed class IdleReading(MemorySet memories, GraphIndexing graph, IdleWork idle, Func<Task<ITokenEncoder?>> tokens, ILogger log)
    : IDisposable
{
    // What fails so often fails for all files; it is tried again when something has changed.
    private const int MostFailures = 10;

    private readonly AsyncAutoResetEvent _stirred = new(isSet: true);

    /// <summary>A file, a project or a folder has changed. Costs nothing.</summary>
    public void Stir() => _stirred.Set();

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _stirred.WaitAsync(cancellation);
            try
            {
                await ReadAllAsync(idle, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(e, "Reading in idle time failed");
            }
        }
    }

    /// <summary>Reads all that is lacking now.</summary>
    /// <param name="when">Decides when each piece may be done.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; what was read stays.</exception>
    public async Task ReadAllAsync(IdleWork when, CancellationToken cancellation)
    {
        var encoder = await tokens();
        foreach (var (root, memory) in memories.All)
        {
            await when.RunAsync(
                Pieces(memory, encoder),
                static (piece, token) =>
                {
                    piece(token);
                    return Task.CompletedTask;
                },
                cancellation
            );
            await graph.RunAsync(new MemorySymbols(root, memory), when, cancellation);
        }
    }

    public void Dispose() => _stirred.Dispose();

    private IEnumerable<Action<CancellationToken>> Pieces(ProjectMemory memory, ITokenEncoder? encoder)
    {
        yield return _ => memories.TakeInBuffers();
        var (more, failures) = (true, 0);
        while (more && failures < MostFailures)
        {
            yield return token =>
            {
                try
                {
                    more = memory.ReadNext(encoder, token);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    // One file that cannot be read must not keep the others out.
                    failures++;
                    log.LogWarning(e, "A file could not be read in idle time");
                }
            };
        }
    }
}
