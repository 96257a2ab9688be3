using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CodeComplete.Transformer;

/// <summary>
/// Since 1.29 ONNX Runtime's packages for Linux and macOS carry an uploader: left alone, it writes a device id to the user's cache folder and
/// sends events to its maker (microsoft/onnxruntime#27379). Nothing leaves the machine here (invariant 4), so it is switched off before it starts.
/// <c>DisableTelemetryEvents</c> is too late for that: the environment it is called on has already said hello.
/// </summary>
internal static partial class OnnxRuntimeTelemetry
{
    /// <summary>The current name, and the one of the first versions that had it.</summary>
    internal static readonly string[] Variables = ["ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"];

    /// <summary>Runs when this assembly is first used, so that no order of calls can load the native library before it.</summary>
#pragma warning disable CA2255 // A library should have no module initialiser, but a promise to the user outweighs the surprise.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Disable()
    {
        foreach (var variable in Variables)
        {
            Environment.SetEnvironmentVariable(variable, "1");
            if (!OperatingSystem.IsWindows())
            {
                // On Unix .NET keeps an environment of its own, which native code does not see.
                _ = SetNative(variable, "1", overwrite: 1);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
