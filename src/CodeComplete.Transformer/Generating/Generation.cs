namespace CodeComplete.Transformer;

/// <summary>What to write, and under which rules.</summary>
public sealed record GenerationRequest
{
    /// <summary>The default of <see cref="GuideLimit"/>.</summary>
    public static TimeSpan DefaultGuideLimit { get; } = TimeSpan.FromMilliseconds(100);

    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>
    /// How many of the prompt's tokens stand before the cursor: the last of them end with the text left of it. <see langword="null"/> where
    /// the prompt ends there; in other layouts suffix or marks follow.
    /// </summary>
    public int? PrefixEnd { get; init; }

    /// <summary>What the tokens after the prompt must spell first (<see cref="Healing"/>); empty for nothing.</summary>
    public string Typed { get; init; } = "";

    public IGuide? Guide { get; init; }

    public IStop Stop { get; init; } = NoStop.Instance;

    public IDraftSource? Drafts { get; init; }

    /// <summary>Begins with what an earlier generation of the same request wrote, and turns off where that went on; <see langword="null"/>: begins anew.</summary>
    public Turn? Turn { get; init; }

    /// <summary>At most so many tokens, those that only spell <see cref="Typed"/> not counted.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>
    /// So long is waited for a guide in one generation, all its answers together; from then on anything goes. On a busy machine some answers are late,
    /// and a line whose names nobody has looked at mostly does not compile. <see cref="Timeout.InfiniteTimeSpan"/> waits, so that the answer does not
    /// depend on the machine's load.
    /// </summary>
    public TimeSpan GuideLimit { get; init; } = DefaultGuideLimit;
}

/// <summary>A way off from an earlier generation.</summary>
/// <param name="Kept">The first tokens of its <see cref="Generation.Path"/>.</param>
/// <param name="Refused">What may not come next: the token that came there, and those that were refused there before.</param>
public sealed record Turn(IReadOnlyList<TokenChoice> Kept, IReadOnlyList<int> Refused);

/// <summary>Why a generation ended.</summary>
public enum EndReason
{
    /// <summary><see cref="IStop"/> said so.</summary>
    Stop,

    /// <summary>The model said so.</summary>
    EndToken,

    /// <summary><see cref="GenerationRequest.MaxTokens"/> were written.</summary>
    MaxTokens,

    /// <summary>The key/value buffer is full.</summary>
    Full,

    /// <summary>The guide allows none of the likely tokens.</summary>
    Forbidden,
}

/// <summary>A token that was chosen.</summary>
/// <param name="Id">-1 where a server chose it, whose ids are not ours.</param>
/// <param name="Text">The characters it completed.</param>
/// <param name="Probability">
/// By softmax over the whole vocabulary, whatever a guide forbade; while typed text is spelled again, over the tokens that go on with it.
/// </param>
/// <param name="RunnerUp">
/// The probability of the likeliest token that was not chosen, whether a guide would take it or not; 0 where nothing was chosen freely, or it is not known.
/// </param>
public readonly record struct TokenChoice(int Id, string Text, double Probability, double RunnerUp = 0);

/// <summary>What was written.</summary>
public sealed record Generation
{
    /// <summary>The text after <see cref="GenerationRequest.Typed"/>; whole characters only.</summary>
    public required string Text { get; init; }

    /// <summary>The tokens that wrote <see cref="Text"/>; the first may begin inside the typed text, the last may run past the stop.</summary>
    public required IReadOnlyList<TokenChoice> Tokens { get; init; }

    /// <summary>
    /// All that was chosen after the prompt, from those that spell <see cref="GenerationRequest.Typed"/> to the one that ended it, if one did;
    /// empty where a server wrote.
    /// </summary>
    public IReadOnlyList<TokenChoice> Path { get; init; } = [];

    public required EndReason Reason { get; init; }

    /// <summary>By the stop or the model itself, not for lack of room or of an allowed token.</summary>
    public bool Ended => Reason is EndReason.Stop or EndReason.EndToken;

    /// <summary>0 where there is no token, or where a server does not tell how likely its tokens are.</summary>
    public double MeanProbability => Tokens.Count == 0 ? 0 : Tokens.Average(t => t.Probability);

    /// <summary>The least of its tokens' probabilities; 0 as above.</summary>
    public double LowestProbability => Tokens.Count == 0 ? 0 : Tokens.Min(t => t.Probability);

    public required int PromptTokens { get; init; }

    /// <summary>How many of them the decoder still held.</summary>
    public required int ReusedTokens { get; init; }

    /// <summary>Calls of the model.</summary>
    public required int Calls { get; init; }

    /// <summary>Drafted tokens that turned out right.</summary>
    public required int DraftsTaken { get; init; }

    public required double PrefillMilliseconds { get; init; }

    public required double DecodeMilliseconds { get; init; }
}

/// <summary>A candidate and how likely the model would write it.</summary>
/// <param name="LogProbability">
/// Natural logarithm; an upper bound where not <paramref name="Finished"/>; negative infinity where the candidate does not go on with what
/// is typed.
/// </param>
/// <param name="Finished">The model was asked about all of its tokens.</param>
public sealed record ScoredText(string Text, double LogProbability, bool Finished);
