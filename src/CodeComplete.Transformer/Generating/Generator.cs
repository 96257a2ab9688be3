using System.Diagnostics;

namespace CodeComplete.Transformer;

/// <summary>
/// Writes text behind a prompt, and weighs candidates there. For one caller at a time, as its <see cref="Decoder"/> is.
/// </summary>
public sealed class Generator
{
    private const int MaxDraft = 8;
    private const int MaxSpelled = 32;

    /// <summary>Tokens before the cursor in which a name being written is looked for.</summary>
    private const int TailTokens = 64;

    private readonly Decoder _decoder;
    private readonly CodeTokenizer _tokenizer;
    private readonly TokenChooser _chooser;
    private readonly CandidateScorer _scorer;
    private readonly PromptReader _reader;

    public Generator(Decoder decoder, CodeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        _decoder = decoder;
        _tokenizer = tokenizer;
        _chooser = new TokenChooser(tokenizer, decoder.VocabularySize);
        _reader = new PromptReader(decoder);
        _scorer = new CandidateScorer(decoder, tokenizer, _reader, _chooser);
    }

    /// <summary>
    /// Writes greedily what comes after the prompt. Drafts and the way the prompt was read before change how long it takes, never what is
    /// written.
    /// </summary>
    /// <exception cref="InvalidOperationException">The prompt does not fit the decoder's buffer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was read by then is reused next time.</exception>
    public Generation Generate(GenerationRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxTokens, 1, nameof(request));
        var started = Stopwatch.GetTimestamp();
        var written = new WrittenText(request.Typed);
        var guide = new GuideSession(request.Guide, request.GuideLimit, Tail(request.Prompt, request.PrefixEnd));
        var ids = new List<int>(request.Prompt);
        var path = new List<TokenChoice>();
        var chosen = new List<TokenChoice>();
        foreach (var token in request.Turn?.Kept ?? [])
        {
            Take(token);
        }

        IReadOnlyList<int> refused = request.Turn?.Refused ?? [];
        var taken = 0;
        var drafts = request.Turn is null ? FirstDrafts(request, ids) : [];
        var logits = _reader.Read(ids, drafts, cancellation);
        var calls = _reader.Called ? 1 : 0;
        var prefill = Stopwatch.GetElapsedTime(started);
        while (true)
        {
            for (var row = 0; row < logits.Count; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                var choice = Choose(logits[row]);
                refused = [];
                if (choice.Id < 0)
                {
                    return Done(EndReason.Forbidden, written.Text.Length);
                }

                if (_tokenizer.IsEnd(choice.Id))
                {
                    path.Add(choice);
                    return Done(EndReason.EndToken, written.Text.Length);
                }

                Take(choice);
                if (written.Unspelled.IsEmpty && request.Stop.End(written.Text) is { } end)
                {
                    return Done(EndReason.Stop, Math.Clamp(end, request.Typed.Length, written.Text.Length));
                }

                if (chosen.Count >= request.MaxTokens)
                {
                    return Done(EndReason.MaxTokens, written.Text.Length);
                }

                if (row >= drafts.Count || drafts[row] != choice.Id)
                {
                    break;
                }

                taken++;
            }

            // What was drafted and not chosen is taken back; the last choice is still unread.
            _decoder.TakeBack(Math.Min(_decoder.Length, ids.Count - 1));
            var room = _decoder.Capacity - ids.Count;
            if (room < 0)
            {
                return Done(EndReason.Full, written.Text.Length);
            }

            drafts = Propose(request, ids, Math.Min(room, request.MaxTokens - chosen.Count - 1));
            logits = _decoder.Read([ids[^1], .. drafts], 1 + drafts.Count, cancellation);
            calls++;
        }

        TokenChoice Choose(ReadOnlySpan<float> row)
        {
            var choice = _chooser.Choose(row, written, guide, refused);
            var ended = 0.0;
            while (choice.Id >= 0 && _tokenizer.IsEnd(choice.Id) && !request.Stop.MayEnd(written.Text))
            {
                ended += choice.Probability;
                refused = [.. refused, choice.Id];
                choice = _chooser.Choose(row, written, guide, refused);
            }

            return ended is > 0 and < 1
                ? choice with
                {
                    Probability = Math.Min(1, choice.Probability / (1 - ended)),
                    RunnerUp = Math.Min(1, choice.RunnerUp / (1 - ended)),
                }
                : choice;
        }

        void Take(TokenChoice token)
        {
            var bytes = _tokenizer.BytesOf(token.Id);
            var spelling = written.Unspelled.Length >= bytes.Length;
            token = token with { Text = written.Append(bytes) };
            ids.Add(token.Id);
            path.Add(token);
            if (!spelling)
            {
                chosen.Add(token);
            }
        }

        Generation Done(EndReason reason, int length)
        {
            request.Drafts?.Written(ids, request.Prompt.Count);
            return new Generation
            {
                Text = written.Text[request.Typed.Length..length],
                Tokens = Kept(chosen, length - request.Typed.Length),
                Path = path,
                Reason = reason,
                PromptTokens = request.Prompt.Count,
                ReusedTokens = _reader.Reused,
                Calls = calls,
                DraftsTaken = taken,
                PrefillMilliseconds = prefill.TotalMilliseconds,
                DecodeMilliseconds = (Stopwatch.GetElapsedTime(started) - prefill).TotalMilliseconds,
            };
        }
    }

    /// <summary>Reads a prompt, so that the next call for it, or for one that begins with it, finds it read.</summary>
    /// <returns>How many tokens were read; 0 where all of it was known.</returns>
    /// <exception cref="InvalidOperationException">The prompt does not fit the decoder's buffer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was read by then is reused next time.</exception>
    public int Read(IReadOnlyList<int> prompt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Count, nameof(prompt));
        _reader.Read(prompt, [], cancellation);
        return _reader.Called ? prompt.Count - _reader.Reused : 0;
    }

    /// <summary>
    /// How likely each candidate is to be the name that stands at the cursor. The first tokens' probabilities come from the prompt's own
    /// state; then the likeliest beginnings that several candidates share are read on, a call each, until the budget is spent. The decoder
    /// is left at the prompt, so that a <see cref="Generate"/> of the same one goes on from there.
    /// </summary>
    /// <param name="typed">
    /// As in <see cref="GenerationRequest.Typed"/>. The identifier characters at its end, and before them at the prompt's, are the part of
    /// the name that stands there already.
    /// </param>
    /// <param name="candidates">Whole names.</param>
    /// <param name="budget">Calls of the model beyond the prompt's.</param>
    /// <returns>Every candidate once, the likeliest first.</returns>
    /// <exception cref="InvalidOperationException">The prompt does not fit the decoder's buffer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was read by then is reused next time.</exception>
    public IReadOnlyList<ScoredText> Score(
        IReadOnlyList<int> prompt,
        string typed,
        IReadOnlyList<string> candidates,
        int budget,
        CancellationToken cancellation
    ) => Score(prompt, prefixEnd: null, typed, candidates, budget, cancellation);

    /// <inheritdoc cref="Score(IReadOnlyList{int}, string, IReadOnlyList{string}, int, CancellationToken)"/>
    /// <param name="prefixEnd">As <see cref="GenerationRequest.PrefixEnd"/>.</param>
    public IReadOnlyList<ScoredText> Score(
        IReadOnlyList<int> prompt,
        int? prefixEnd,
        string typed,
        IReadOnlyList<string> candidates,
        int budget,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Count, nameof(prompt));
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        return _scorer.Score(prompt, typed, Tail(prompt, prefixEnd)() + typed, candidates, budget, cancellation);
    }

    /// <summary>
    /// How probable a text is behind a prompt, word for word as it would be encoded. The decoder is left behind the text's last token but one.
    /// </summary>
    /// <param name="typed">As in <see cref="GenerationRequest.Typed"/>; what of the text's first token goes before it costs nothing.</param>
    /// <param name="text">Not empty; at most as many tokens as the decoder's buffer has room for behind the prompt.</param>
    /// <returns>The natural logarithm.</returns>
    /// <exception cref="InvalidOperationException">Prompt and text do not fit the decoder's buffer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was read by then is reused next time.</exception>
    public double LogProbability(IReadOnlyList<int> prompt, string typed, string text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentException.ThrowIfNullOrEmpty(text);
        var tokens = _tokenizer.Encode(typed + text);
        var logits = _reader.Read(prompt, [.. tokens.Take(tokens.Count - 1)], cancellation);
        var scratch = new float[_decoder.VocabularySize];
        var sum = 0.0;
        var spelled = System.Text.Encoding.UTF8.GetBytes(typed).AsSpan();
        for (var row = 0; row < tokens.Count; row++)
        {
            var of = spelled.IsEmpty ? Softmax.LogSum(logits[row], scratch) : _chooser.LogSumContinuing(logits[row], spelled);
            sum += logits[row][tokens[row]] - of;
            spelled = spelled[Math.Min(spelled.Length, _tokenizer.BytesOf(tokens[row]).Length)..];
        }

        return sum;
    }

    /// <summary>The text before the cursor, worked out when a name reaches back into the prompt.</summary>
    private Func<string> Tail(IReadOnlyList<int> prompt, int? prefixEnd)
    {
        string? tail = null;
        return () =>
        {
            if (tail is null)
            {
                var end = Math.Clamp(prefixEnd ?? prompt.Count, 0, prompt.Count);
                var from = end;
                while (from > 0 && end - from < TailTokens && !_tokenizer.IsSpecial(prompt[from - 1]))
                {
                    from--;
                }

                tail = _tokenizer.Decode(prompt.Skip(from).Take(end - from));
            }

            return tail;
        };
    }

    /// <summary>
    /// A guess that spells all that is typed; else typed text of several tokens is most likely spelled as it would be encoded: that saves a call a token.
    /// </summary>
    private IReadOnlyList<int> FirstDrafts(GenerationRequest request, List<int> ids)
    {
        var room = _decoder.Capacity - ids.Count;
        var proposed = Propose(request, ids, Math.Min(room, request.MaxTokens - 1));
        if (Spells(proposed, request.Typed))
        {
            return proposed;
        }

        var spelled = _tokenizer.Encode(request.Typed);
        return [.. spelled.Take(Math.Clamp(spelled.Count - 1, 0, Math.Clamp(room, 0, MaxSpelled)))];
    }

    private bool Spells(IReadOnlyList<int> tokens, string typed)
    {
        var left = System.Text.Encoding.UTF8.GetBytes(typed).AsSpan();
        foreach (var token in tokens)
        {
            var bytes = _tokenizer.BytesOf(token);
            var common = Math.Min(left.Length, bytes.Length);
            if (!left[..common].SequenceEqual(bytes[..common]))
            {
                return false;
            }

            left = left[common..];
        }

        return left.IsEmpty;
    }

    private IReadOnlyList<int> Propose(GenerationRequest request, List<int> ids, int room)
    {
        if (request.Drafts is null || room <= 0)
        {
            return [];
        }

        var proposed = request.Drafts.Propose(ids);
        // An id that the model does not have ends the guess.
        return [.. proposed.Take(Math.Min(room, MaxDraft)).TakeWhile(id => id >= 0 && id < _decoder.VocabularySize)];
    }

    /// <summary>The tokens that wrote the first <paramref name="length"/> characters.</summary>
    private static List<TokenChoice> Kept(List<TokenChoice> chosen, int length)
    {
        var kept = new List<TokenChoice>();
        var at = 0;
        foreach (var token in chosen)
        {
            if (at >= length)
            {
                break;
            }

            kept.Add(token);
            at += token.Text.Length;
        }

        return kept;
    }
}
