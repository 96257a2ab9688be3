namespace CodeComplete.Transformer;

/// <summary>
/// Guesses what comes next, so that several tokens are checked in one call (speculative decoding, arXiv 2211.17192). A wrong guess costs
/// a little time and never changes the text.
/// </summary>
public interface IDraftSource
{
    /// <summary>The ids that may follow <paramref name="ids"/>, best guess only; empty for no guess. Eight of them are looked at.</summary>
    /// <param name="ids">Prompt and answer so far. A view: it changes after the call.</param>
    IReadOnlyList<int> Propose(IReadOnlyList<int> ids);

    /// <summary>Told what has been written, to its last token, however it ended.</summary>
    /// <param name="ids">Prompt and answer. A view: it changes after the call.</param>
    /// <param name="prompt">How many of them are the prompt.</param>
    void Written(IReadOnlyList<int> ids, int prompt);
}
