using System.Text.Json;
using CodeComplete.Engine;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.Configuration;

/// <summary>
/// The settings: <c>initializationOptions</c>, then <c>workspace/configuration</c> where the client can be asked, or else what comes with
/// <c>workspace/didChangeConfiguration</c>. What a later source leaves out keeps the earlier one's value.
/// </summary>
internal sealed class ConfigurationHandler(Session session)
{
    public const string Section = "codecomplete";
    public const string Method = "workspace/didChangeConfiguration";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private EngineSettings _baseline = EngineSettings.Default;
    private EngineSettings _current = EngineSettings.Default;
    private int _pulls;

    /// <summary>Some clients send no change of a setting unless they are asked to.</summary>
    public static Registration Registration { get; } =
        new("codecomplete-configuration", Method, new DidChangeConfigurationRegistrationOptions(Section));

    /// <summary>The settings to start with.</summary>
    public EngineSettings Begin(JsonElement? initializationOptions)
    {
        lock (_gate)
        {
            _baseline = Parse(initializationOptions, EngineSettings.Default);
            _current = session.Options.Overrule(_baseline);
            session.Options.SetLogLevel(_current.LogLevel);
            return _current;
        }
    }

    [LspMethod(Method)]
    public void DidChange(DidChangeConfigurationParams parameters)
    {
        if (session.Profile.Configuration)
        {
            // What such a client sends along is empty or out of date.
            _ = PullAsync();
        }
        else
        {
            Apply(parameters.Settings);
        }
    }

    /// <summary>Asks the client for its settings, if it can be asked.</summary>
    public async Task PullAsync()
    {
        if (!session.Profile.Configuration)
        {
            return;
        }

        var pull = Interlocked.Increment(ref _pulls);
        try
        {
            var parameters = new ConfigurationParams([new ConfigurationItem(Section)]);
            var answer = await session.Client.AskAsync<JsonElement>(ClientMethods.Configuration, parameters);
            if (pull == Volatile.Read(ref _pulls) && answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() == 1)
            {
                Apply(answer[0]);
            }
        }
        catch (Exception e) when (e is ConnectionLostException or ObjectDisposedException or IOException)
        {
            session.Log.LogDebug("The client is gone: {Problem}", e.Message);
        }
        catch (Exception e)
        {
            session.Log.LogWarning("The client's settings could not be taken over: {Problem}", e.Message);
        }
    }

    private void Apply(JsonElement? settings)
    {
        lock (_gate)
        {
            if (session.Ending.IsCancellationRequested)
            {
                return;
            }

            var applied = session.Options.Overrule(Parse(settings, _baseline));
            if (!SettingsParser.AreEqual(applied, _current))
            {
                _current = applied;
                session.Options.SetLogLevel(applied.LogLevel);
                session.Engine.Configure(applied);
            }
        }
    }

    private EngineSettings Parse(JsonElement? settings, EngineSettings onto)
    {
        var (parsed, problems) = SettingsParser.Parse(settings, onto);
        foreach (var problem in problems)
        {
            // Clients send all settings again and again.
            if (_said.Add(problem))
            {
                session.Log.LogWarning("{Problem}", problem);
                session.Client.Show(MessageType.Warning, problem);
            }
        }

        return parsed;
    }
}
