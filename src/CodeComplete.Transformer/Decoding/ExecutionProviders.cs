using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>What can compute a graph: its name in the settings, how a session asks for it, and where it keeps its tensors.</summary>
internal sealed record ExecutionProvider(string Name, Action<SessionOptions> Append, IReadOnlyList<string> Memories)
{
    public const string Auto = "auto";
    public const string Cpu = "cpu";
    public const string DirectML = "directml";
    public const string WebGpu = "webgpu";
    public const string Cuda = "cuda";

    public static ExecutionProvider OfCpu { get; } = new(Cpu, _ => { }, []);

    /// <summary>What to try for a setting, in this order; empty where only the CPU is left.</summary>
    /// <exception cref="ProviderException">The setting cannot be met here; the message says why.</exception>
    public static IReadOnlyList<ExecutionProvider> For(DecoderOptions options)
    {
        var built = OnnxRuntimeEnvironment.Instance.GetAvailableProviders();
        var hasDirectML = built.Contains("DmlExecutionProvider");
        var hasCuda = built.Contains("CUDAExecutionProvider");
        switch (options.Provider.Trim().ToLowerInvariant())
        {
            case var _ when options.IsAuto:
                var found = new List<ExecutionProvider>();
                if (hasDirectML)
                {
                    found.Add(OfDirectML);
                }

                if (options.ProviderLibrary is { Length: > 0 } library)
                {
                    found.Add(OfWebGpu(library));
                }

                if (hasCuda)
                {
                    found.Add(OfCuda);
                }

                return found;
            case Cpu:
                return [];
            case DirectML:
                return hasDirectML
                    ? [OfDirectML]
                    : throw new ProviderException("this build of the program does not carry DirectML, which those for Windows do");
            case WebGpu:
                return options.ProviderLibrary is { Length: > 0 } file
                    ? [OfWebGpu(file)]
                    : throw new ProviderException("it is a plug-in, so providerLibrary must name its file");
            case Cuda:
                return hasCuda ? [OfCuda] : throw new ProviderException("this build's ONNX Runtime does not carry CUDA");
            default:
                throw new ProviderException("there is no such provider, use auto, directml, webgpu, cuda or cpu");
        }
    }

    private static ExecutionProvider OfDirectML { get; } =
        new(
            DirectML,
            options =>
            {
                options.EnableMemoryPattern = false; // DirectML refuses it
                try
                {
                    options.AppendExecutionProvider_DML(0);
                }
                catch (OnnxRuntimeException e) when (FindsNoGpu(e.Message))
                {
                    throw new ProviderException("DirectML finds no GPU with DirectX 12") { HasNoDevice = true };
                }
            },
            ["DML"]
        );

    /// <summary>Whether DirectML's complaint is that there is nothing to run on: it ends with DXGI_ERROR_NOT_FOUND or DXGI_ERROR_UNSUPPORTED.</summary>
    public static bool FindsNoGpu(string complaint) =>
        complaint.TrimEnd().EndsWith("887A0002", StringComparison.Ordinal)
        || complaint.TrimEnd().EndsWith("887A0004", StringComparison.Ordinal);

    private static ExecutionProvider OfCuda { get; } = new(Cuda, options => options.AppendExecutionProvider_CUDA(0), ["Cuda"]);

    private static ExecutionProvider OfWebGpu(string library) =>
        new(
            WebGpu,
            options =>
            {
                var path = Path.GetFullPath(library);
                if (!File.Exists(path))
                {
                    throw new ProviderException($"the file '{path}' does not exist");
                }

                var environment = OnnxRuntimeEnvironment.Instance;
                OnnxRuntimeEnvironment.Register(WebGpu, path);
                var devices = environment
                    .GetEpDevices()
                    .Where(d => d.EpName.Contains("WebGPU", StringComparison.OrdinalIgnoreCase))
                    .Take(1)
                    .ToList();
                if (devices.Count == 0)
                {
                    throw new ProviderException("the plug-in finds no GPU that it can use");
                }

                options.AppendExecutionProvider(environment, devices, new Dictionary<string, string>());
            },
            ["WebGPU_Buf", "WebGPU_Buffer"]
        );
}

/// <summary>A provider cannot be used; the message is the reason, a part of a sentence.</summary>
internal sealed class ProviderException(string message) : Exception(message)
{
    /// <summary>Nothing is wrong, the machine only has no such device; whoever asked for no certain provider need not hear of it.</summary>
    public bool HasNoDevice { get; init; }
}
