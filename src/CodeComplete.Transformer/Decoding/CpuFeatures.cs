using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CodeComplete.Transformer;

/// <summary>Which of a model's CPU graphs this processor computes without overflow.</summary>
internal static class CpuFeatures
{
    /// <summary>
    /// Whether 8-bit products are summed in 32 bits: every CPU but an x64 one without VNNI, where <c>vpmaddubsw</c> sums in 16.
    /// </summary>
    public static bool Has8BitDotProducts { get; } =
        RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.X86) || AvxVnni.IsSupported || HasAvx512Vnni();

    private static bool HasAvx512Vnni()
    {
        // Avx512F.IsSupported asks the operating system too, whether it saves the wide registers.
        const int LeafOfFeatures = 7;
        const int BitOfVnni = 11;
        return Avx512F.IsSupported && (X86Base.CpuId(LeafOfFeatures, 0).Ecx & (1 << BitOfVnni)) != 0;
    }
}
