using System.Text.Json;
using CodeComplete.Server.Features.Configuration;
using CodeComplete.Server.Features.Lifecycle;
using CodeComplete.Server.Features.Notices;
using CodeComplete.Server.Features.Status;
using CodeComplete.Server.Features.WatchedFiles;
using CodeComplete.Server.Features.WorkspaceFolders;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.Initialize;

/// <summary><c>initialize</c> starts the engine; <c>initialized</c> lets the server speak and ask by itself.</summary>
internal sealed class InitializeHandler(Session session, ConfigurationHandler configuration)
{
    [LspMethod("initialize")]
    public InitializeResult Initialize(InitializeParams parameters)
    {
        session.Log.LogInformation("Serving {Client} {Version}.", parameters.ClientInfo?.Name, parameters.ClientInfo?.Version);
        var settings = configuration.Begin(parameters.InitializationOptions);
        var engine = session.Options.CreateEngine(new EngineStart(WorkspaceFoldersHandler.FoldersOf(parameters), settings));
        session.Start(engine, ClientProfile.Read(parameters.Capabilities));
        NoticeReporter.Attach(session.Client, engine);
        StatusReporter.Attach(session, engine);
        if (parameters.ProcessId is > 0 and var id)
        {
            _ = EndWithClientAsync(id);
        }

        return new InitializeResult(
            ServerCapabilitiesFactory.Create(session.Profile),
            new ServerInfo("codecomplete", session.Options.Version)
        );
    }

    [LspMethod("initialized")]
    public void Initialized(JsonElement parameters)
    {
        session.Client.Open();
        _ = RegisterAsync();
        _ = configuration.PullAsync();
    }

    private async Task EndWithClientAsync(int processId)
    {
        try
        {
            await ClientProcess.WaitForExitAsync(processId, session.Ending);
            session.Log.LogInformation("The client's process {Id} has ended, so the server ends.", processId);
            session.ReportClientDeath();
        }
        catch (OperationCanceledException)
        {
            // The server ends before the client.
        }
        catch (Exception e)
        {
            // The system does not let us look (another user's process, for instance): the end of the stream must do.
            session.Log.LogInformation("The client's process {Id} cannot be watched: {Problem}", processId, e.Message);
        }
    }

    private async Task RegisterAsync()
    {
        var registrations = new List<Registration>();
        if (session.Profile.WatchedFilesRegistration)
        {
            registrations.Add(WatchedFilesHandler.Registration);
        }
        else
        {
            session.Log.LogInformation("The client watches no files for us, so the server does.");
            session.Engine.WatchFiles();
        }

        if (session.Profile.ConfigurationRegistration)
        {
            registrations.Add(ConfigurationHandler.Registration);
        }

        if (registrations.Count == 0)
        {
            return;
        }

        try
        {
            await session.Client.AskAsync<object?>(ClientMethods.RegisterCapability, new RegistrationParams(registrations));
        }
        catch (RemoteRpcException e)
        {
            session.Log.LogWarning(
                "The client refused to watch files or settings for us, so the server watches files: {Problem}",
                e.Message
            );
            session.Engine.WatchFiles();
        }
        catch (Exception e) when (e is ObjectDisposedException or IOException)
        {
            session.Log.LogDebug("The client is gone: {Problem}", e.Message);
        }
    }
}
