using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>A session that is ready, the provider it runs on, and, where that is not what was asked for, one line about it.</summary>
internal sealed record LoadedSession(DecoderSession Session, string Provider, string? Message);

/// <summary>Loads a model with the provider that the options ask for, and with the CPU where that one fails.</summary>
internal static class SessionLoader
{
    /// <exception cref="ModelException">Not even the CPU can load the model.</exception>
    public static LoadedSession Load(ModelFolder model, CodeTokenizer tokenizer, DecoderOptions options, int capacity)
    {
        var session = LoadCpu(model, options, capacity);
        try
        {
            var why = "";
            var name = options.Provider.Trim();
            try
            {
                foreach (var provider in ExecutionProvider.For(options))
                {
                    name = provider.Name;
                    var candidate = TryLoad(model, tokenizer, options, provider, session, capacity, out var failure);
                    if (candidate is not null)
                    {
                        session.Dispose();
                        return new LoadedSession(candidate, provider.Name, Message: null);
                    }

                    why = why.Length == 0 && failure.Length > 0 ? Sentence(name, failure) : why;
                }
            }
            catch (ProviderException e)
            {
                why = Sentence(name, e.Message);
            }

            return new LoadedSession(session, ExecutionProvider.Cpu, why.Length == 0 ? null : why);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The CPU graph that this processor computes without overflow.</summary>
    public static string CpuGraph(ModelFolder model, bool has8BitDotProducts) =>
        !has8BitDotProducts && model.Graphs.ContainsKey(ModelFolder.Avx2Graph) ? ModelFolder.Avx2Graph : ModelFolder.CpuGraph;

    private static string Sentence(string provider, string why) =>
        $"The execution provider '{provider}' is not used, {OneLine(why)}: the model runs on the CPU.";

    /// <summary>What a library said, without line ends and the last full stop.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.', ' ');

    /// <summary>Loads a graph with the CPU provider; whatever goes wrong becomes a sentence.</summary>
    /// <param name="path">The graph's.</param>
    /// <exception cref="ModelException">It does not load.</exception>
    public static T LoadOnCpu<T>(string path, Func<string, T> load)
    {
        try
        {
            return load(path);
        }
        catch (Exception e) when (e is OnnxRuntimeException or OutOfMemoryException)
        {
            throw new ModelException(
                $"'{path}' does not load ({OneLine(e.Message)}): copy the whole model folder again, or name another one.",
                e
            );
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new ModelException(LibrarySentence(e, OperatingSystem.IsWindows()), e);
        }
    }

    /// <summary>What to do where ONNX Runtime's native library does not load.</summary>
    public static string LibrarySentence(Exception why, bool isWindows) =>
        $"ONNX Runtime's native library does not load ({OneLine(why.GetBaseException().Message)}): install "
        + (
            isWindows && why.GetBaseException() is DllNotFoundException
                ? "the Visual C++ Redistributable for x64 (https://aka.ms/vs/17/release/vc_redist.x64.exe), which it needs."
                : "this program again."
        );

    private static DecoderSession LoadCpu(ModelFolder model, DecoderOptions options, int capacity)
    {
        var graph = CpuGraph(model, CpuFeatures.Has8BitDotProducts);
        return LoadOnCpu(
            Path.Combine(model.Path, graph),
            _ =>
            {
                using var session = Options(options.ThreadsOrDefault, ExecutionProvider.OfCpu);
                return new DecoderSession(model, graph, session, [], capacity, Decoder.ChunkSize);
            }
        );
    }

    /// <param name="failure">Why not, a part of a sentence; empty where nobody needs to hear of it.</param>
    private static DecoderSession? TryLoad(
        ModelFolder model,
        CodeTokenizer tokenizer,
        DecoderOptions options,
        ExecutionProvider provider,
        DecoderSession cpu,
        int capacity,
        out string failure
    )
    {
        if (!model.Graphs.ContainsKey(ModelFolder.GpuGraph))
        {
            failure = $"the folder '{model.Path}' has no {ModelFolder.GpuGraph}";
            return null;
        }

        DecoderSession? session = null;
        try
        {
            using var sessionOptions = Options(options.ThreadsOrDefault, provider);
            session = new DecoderSession(model, ModelFolder.GpuGraph, sessionOptions, provider.Memories, capacity, Decoder.ChunkSize);
            var wrong = SelfTest.Run(session, cpu, tokenizer);
            if (wrong is null)
            {
                failure = "";
                return session;
            }

            failure = $"it failed its self-test because {wrong}";
        }
        catch (ProviderException e) when (e.HasNoDevice && options.IsAuto)
        {
            failure = "";
        }
        catch (Exception e)
        {
            // Whatever a driver throws: the CPU is there.
            failure = e is ProviderException ? e.Message : $"it does not load ({OneLine(e.Message)})";
        }

        session?.Dispose();
        return null;
    }

    /// <summary>How every session of this product is made.</summary>
    public static SessionOptions Options(int threads, ExecutionProvider provider)
    {
        _ = OnnxRuntimeEnvironment.Instance; // before anything makes one with other settings
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            // Threads that spin while they wait would take the editor's cores between two keystrokes.
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            session.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            provider.Append(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
