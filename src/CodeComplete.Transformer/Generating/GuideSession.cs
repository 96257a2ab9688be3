using System.Diagnostics;

namespace CodeComplete.Transformer;

/// <summary>
/// A guide during one generation: answers are kept, and what takes too long is not waited for. Behind a call that is late it is not asked again, so no
/// call is joined by another and a guide needs no locks.
/// </summary>
/// <param name="limit">So long is waited for all answers together.</param>
internal sealed class GuideSession(IGuide? guide, TimeSpan limit, Func<string> before)
{
    private readonly Dictionary<string, Guidance?> _answers = [];
    private TimeSpan _waited;
    private (string Before, string Begun, NameSet Names)? _refused;

    /// <summary>How often the guide was asked.</summary>
    public int Questions { get; private set; }

    /// <summary>Whether <paramref name="next"/> may stand where <paramref name="written"/> stood, for both places' sake.</summary>
    /// <param name="cut">The first bytes of one more character.</param>
    public bool Allows(string written, string next, ReadOnlySpan<byte> cut)
    {
        if (guide is null)
        {
            return true;
        }

        if (!Allows(Ask(written), next, cut))
        {
            return false;
        }

        if (next.Length == written.Length)
        {
            return true;
        }

        if (IsRuledOut(next, cut))
        {
            return false;
        }

        var answer = Ask(next);
        if (Allows(answer, next, cut))
        {
            return true;
        }

        _refused = (next[..Math.Max(0, answer!.Start)], Begun(answer)!, NameSet.Of(answer.Names));
        return false;
    }

    /// <summary>Whether the text may end after <paramref name="written"/>.</summary>
    public bool AllowsEnd(string written) => Name(Ask(written), written, out var names) is not { } name || names.AllowsEnd(name);

    /// <summary>
    /// Whether the last refusal speaks of this text too: the names at a place are the same whichever of them a token begins, so a place
    /// where a thousand likely tokens are wrong takes one question, not a thousand.
    /// </summary>
    private bool IsRuledOut(string next, ReadOnlySpan<byte> cut) =>
        _refused is var (before, begun, names)
        && next.Length > before.Length
        && next.StartsWith(before, StringComparison.Ordinal)
        && (char.IsLetter(next[before.Length]) || next[before.Length] == '_')
        && !names.Allows(begun + next[before.Length..], cut);

    private bool Allows(Guidance? guidance, string text, ReadOnlySpan<byte> cut) =>
        Name(guidance, text, out var names) is not { } name || names.Allows(name, cut);

    /// <summary>The name being written; <see langword="null"/> where anything goes.</summary>
    private string? Name(Guidance? guidance, string text, out NameSet names)
    {
        names = null!;
        if (guidance is null)
        {
            return null;
        }

        names = NameSet.Of(guidance.Names);
        return guidance.Start > text.Length || Begun(guidance) is not { } begun ? null : begun + text[Math.Max(0, guidance.Start)..];
    }

    /// <summary>What the prompt holds of the name; <see langword="null"/> where it does not reach back so far.</summary>
    private string? Begun(Guidance guidance)
    {
        if (guidance.Start >= 0)
        {
            return "";
        }

        var prompt = before();
        return -guidance.Start <= prompt.Length ? prompt[(prompt.Length + guidance.Start)..] : null;
    }

    private Guidance? Ask(string written)
    {
        if (guide is null)
        {
            return null;
        }

        if (_answers.TryGetValue(written, out var known))
        {
            return known;
        }

        Questions++;
        Guidance? answer;
        if (limit == Timeout.InfiniteTimeSpan)
        {
            answer = guide.Next(written);
        }
        else
        {
            var left = limit - _waited;
            if (left <= TimeSpan.Zero)
            {
                return null; // not remembered: the guide was not asked
            }

            var began = Stopwatch.GetTimestamp();
            var call = Task.Run(() => guide.Next(written));
            if (Task.WaitAny([call], left) < 0)
            {
                // Nobody waits for it any more: a failure of its own is observed here, or the runtime would report it.
                _waited = limit;
                _ = call.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
                return null;
            }

            _waited += Stopwatch.GetElapsedTime(began);
            answer = call.GetAwaiter().GetResult();
        }

        _answers[written] = answer;
        return answer;
    }
}
