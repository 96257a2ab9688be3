using System.Runtime.InteropServices;

namespace CodeComplete.Transformer.Tests;

/// <summary>Nothing leaves the machine: ONNX Runtime's uploader is switched off where native code looks.</summary>
public partial class TelemetryTests
{
    [Fact]
    public void The_native_environment_says_no()
    {
        Assert.NotEmpty(OnnxRuntimeTelemetry.Variables);
        Assert.All(
            OnnxRuntimeTelemetry.Variables,
            variable =>
                Assert.Equal(
                    "1",
                    OperatingSystem.IsWindows()
                        ? Environment.GetEnvironmentVariable(variable)
                        : Marshal.PtrToStringUTF8(NativeValue(variable))
                )
        );
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NativeValue(string name);
}
