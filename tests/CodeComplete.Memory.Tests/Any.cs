using CsCheck;

namespace CodeComplete.Memory.Tests;

/// <summary>A generator that CsCheck lacks.</summary>
internal static class Any
{
    /// <summary>One of the values, each as likely as the others.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
