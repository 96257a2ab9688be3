namespace CodeComplete.Memory;

/// <summary>What was forgotten.</summary>
/// <param name="Files">Files of which something was.</param>
/// <param name="Acceptances">Outcomes of suggestions that were.</param>
/// <param name="Message">What is in the way of erasing it from the disk as well, in one line; <see langword="null"/>: it is found nowhere in the memory's folder any more.</param>
public sealed record ForgetSummary(int Files, int Acceptances, string? Message);
