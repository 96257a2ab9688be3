namespace CodeComplete.Memory;

/// <summary>What was forgotten.</summary>
/// <param name="Files">Files of which something was.</param>
/// <param name="Acceptances">Outcomes of suggestions that were.</param>
/// <param name="Message">What is in the way of erasing it from the disk as well, in one line; <see langword="null"/>: it is found nowhere in the memory's folder any more.</param>
public sealed record ForgetSummary(int Files, int Acceptances, string? Message);

/// <summary>What is to be forgotten.</summary>
/// <param name="Value">The path or the word; <see langword="null"/> for all.</param>
internal sealed record Forgetting(ForgetWhat What, string? Value);

internal enum ForgetWhat
{
    All,
    Path,
    Word,
}
