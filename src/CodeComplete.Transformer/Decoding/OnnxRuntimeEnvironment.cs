using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>ONNX Runtime's one environment in this process: silent but for errors, and without telemetry.</summary>
internal static class OnnxRuntimeEnvironment
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Registered = [];

    public static OrtEnv Instance { get; } = Create();

    /// <summary>Loads a plug-in execution provider once.</summary>
    /// <exception cref="OnnxRuntimeException">The library is no execution provider.</exception>
    public static void Register(string name, string library)
    {
        lock (Gate)
        {
            if (!Registered.Contains(library))
            {
                // The name is the environment's own key for this library.
                Instance.RegisterExecutionProviderLibrary(Registered.Count == 0 ? name : $"{name}.{Registered.Count}", library);
                Registered.Add(library);
            }
        }
    }

    private static OrtEnv Create()
    {
        OnnxRuntimeTelemetry.Disable();
        if (!OrtEnv.IsCreated)
        {
            var options = new EnvironmentCreationOptions { logId = "CodeComplete", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }

        var instance = OrtEnv.Instance();
        instance.DisableTelemetryEvents();
        return instance;
    }
}
