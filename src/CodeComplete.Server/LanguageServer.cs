using CodeComplete.Server.Client;
using CodeComplete.Server.Features.Completion;
using CodeComplete.Server.Features.Configuration;
using CodeComplete.Server.Features.Cursor;
using CodeComplete.Server.Features.ExecuteCommand;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Features.InlineCompletion;
using CodeComplete.Server.Features.InlineOutcomes;
using CodeComplete.Server.Features.Lifecycle;
using CodeComplete.Server.Features.TextDocumentSync;
using CodeComplete.Server.Features.WatchedFiles;
using CodeComplete.Server.Features.WorkspaceFolders;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server;

/// <summary>The language server for one client on two streams.</summary>
public sealed class LanguageServer(ServerOptions options)
{
    /// <summary>
    /// Serves until the client says <c>exit</c>, its stream or process ends, or <paramref name="cancellation"/> is cancelled. The streams are
    /// not closed. A read of <paramref name="input"/> may still be pending on return: console input cannot be cancelled.
    /// </summary>
    /// <returns>The process's exit code: 0 after <c>shutdown</c> and <c>exit</c>, 1 after any other end.</returns>
    public async Task<int> RunAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        var log = options.Logs.CreateLogger("CodeComplete.Server");
        var lifetime = new ServerLifetime();
        using var handler = new LspMessageHandler(input, output, lifetime, log);
        using var rpc = new LspRpc(handler, log);
        using var session = new Session(options, new LspClient(rpc, log), log);
        foreach (var feature in Features(session))
        {
            rpc.Add(feature);
        }

        rpc.StartListening();
        var cancelled = new TaskCompletionSource();
        await using (cancellation.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled))
        {
            await Task.WhenAny(rpc.Completion, session.ClientDied, handler.OutputBroke, cancelled.Task);
        }

        await EndAsync(session, log);
        return lifetime.ExitCode;
    }

    private static IEnumerable<object> Features(Session session)
    {
        var configuration = new ConfigurationHandler(session);
        yield return new InitializeHandler(session, configuration);
        yield return new ShutdownHandler(session);
        yield return new TextDocumentSyncHandler(session);
        yield return new CompletionHandler(session);
        yield return new ResolveHandler(session);
        yield return new InlineCompletionHandler(session);
        yield return new InlineOutcomesHandler(session);
        yield return new CursorHandler(session);
        yield return new ExecuteCommandHandler(session);
        yield return new WatchedFilesHandler(session);
        yield return new WorkspaceFoldersHandler(session);
        yield return configuration;
    }

    private static async Task EndAsync(Session session, ILogger log)
    {
        try
        {
            await session.EndAsync().WaitAsync(ServerLifetime.Patience);
        }
        catch (TimeoutException)
        {
            log.LogError("The engine did not end within {Seconds} s; leaving without it.", ServerLifetime.Patience.TotalSeconds);
        }
    }
}
