namespace CodeComplete.Transformer;

/// <summary>How a model is run.</summary>
public sealed record DecoderOptions
{
    /// <summary>auto | directml | webgpu | cuda | cpu</summary>
    public string Provider { get; init; } = "auto";

    /// <summary>The file of a plug-in execution provider (WebGPU), or <see langword="null"/>.</summary>
    public string? ProviderLibrary { get; init; }

    /// <summary>Threads of the CPU provider; 0 takes half of the cores, two at least.</summary>
    public int Threads { get; init; }

    /// <summary>Tokens that the key/value buffer has room for; 0 takes the prompt format's budget, and 32 is the least.</summary>
    public int MaxPositions { get; init; }

    /// <summary>Whether no certain provider is asked for.</summary>
    internal bool IsAuto => Provider.Trim() is "" || Provider.Trim().Equals(ExecutionProvider.Auto, StringComparison.OrdinalIgnoreCase);

    internal int ThreadsOrDefault =>
        Threads > 0 ? Threads : Math.Min(Environment.ProcessorCount, Math.Max(2, Environment.ProcessorCount / 2));
}
