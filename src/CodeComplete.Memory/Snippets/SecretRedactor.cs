using System.Buffers;
using System.Text.RegularExpressions;

namespace CodeComplete.Memory.Snippets;

/// <summary>
/// Takes out of a text what looks like a key, a token or a password, so that nothing secret is ever stored or put into a prompt. It would
/// rather take a harmless literal than leave a secret. Lines keep their numbers. Meant for text whose lines are short
/// (<see cref="SourceCleaner"/> sees to that): the patterns take time linear in the text for lines of bounded length.
/// </summary>
public static partial class SecretRedactor
{
    internal const string Mask = "***";

    // In milliseconds. No text is known that comes near it.
    private const int MatchTimeout = 2000;

    // Most files hold none of these, and then no pattern needs to run.
    private static readonly SearchValues<string> Hints = SearchValues.Create(
        [
            "PRIVATE KEY",
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "AIza",
            "sk-",
            "sk_",
            "rk_",
            "npm_",
            "hf_",
            "oy2",
            "SG.",
            "eyJ",
            "pass",
            "pwd",
            "secret",
            "key",
            "token",
            "credential",
            "signature",
            "bearer",
            "basic",
            "://",
            "sig=",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <returns>As many lines as <paramref name="text"/> has, all of them empty where it could not be checked.</returns>
    public static string Redact(string text)
    {
        try
        {
            text = LongLiteral().Replace(text, static match => RandomText.Is(match.ValueSpan) ? Mask : match.Value);
            return text.AsSpan().ContainsAny(Hints) ? RedactAll(text) : text;
        }
        catch (RegexMatchTimeoutException)
        {
            // What could not be checked is not stored.
            return new string('\n', text.AsSpan().Count('\n'));
        }
    }

    private static string RedactAll(string text)
    {
        text = PrivateKey().Replace(text, static match => Mask + new string('\n', match.ValueSpan.Count('\n')));
        text = Token().Replace(text, Mask);
        text = ConnectionStringPart().Replace(text, "${before}" + Mask);
        text = AuthorizationHeader().Replace(text, "${before}" + Mask);
        text = UrlPassword().Replace(text, "${before}" + Mask);
        return NamedLiteral().Replace(text, "${before}" + Mask);
    }

    // A whole literal of the letters of base64, base64url or hexadecimal, quoted once more or not.
    [GeneratedRegex("""(?<=")[A-Za-z0-9+/=_-]{20,}(?=\\?")""", RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex LongLiteral();

    // The body is base64 with headers, in one literal or in several joined ones; the pattern ends where code goes on.
    [GeneratedRegex(
        """-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[A-Za-z0-9+/=\s"\\:,@$-]*""",
        RegexOptions.CultureInvariant,
        MatchTimeout
    )]
    private static partial Regex PrivateKey();

    // Issuers' own marks: AWS, GitHub, GitLab, Slack, Google, OpenAI and Stripe, npm, Hugging Face, NuGet, SendGrid, JSON web tokens.
    [GeneratedRegex(
        """
            \b(?:(?:AKIA|ASIA)[0-9A-Z]{16}
            |gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}
            |xox[abeoprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}
            |sk-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}
            |npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|oy2[a-z0-9]{43}
            |SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
            |eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        MatchTimeout
    )]
    private static partial Regex Token();

    // Inside a literal only (after a quote or a semicolon), so that `password = Ask();` in code stays.
    [GeneratedRegex(
        """(?<before>(?:["';?&][ \t]{0,8}|[ \t]User )(?:password|passwd|pwd|accountkey|access ?key|account ?key|sharedaccesskey|shared ?access ?signature|shared ?secret|client ?secret|api ?key|sig|access_token)[ \t]{0,8}=[ \t]{0,8})(?!\{)[^;"'&\r\n]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        MatchTimeout
    )]
    private static partial Regex ConnectionStringPart();

    [GeneratedRegex(
        """(?<before>\b(?:bearer|basic)[ \t]{1,4})[A-Za-z0-9._~+/=-]{16,}""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        MatchTimeout
    )]
    private static partial Regex AuthorizationHeader();

    [GeneratedRegex("""(?<before>://[^\s/:@"'{}]{1,200}:)[^\s/@"'{}]+(?=@)""", RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex UrlPassword();

    // password = "...", ApiKey: "...", ["ClientSecret"] = "...", Secret => "...". A text with blanks in it is a message, no secret.
    [GeneratedRegex(
        """(?<before>(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|token|credential)\w{0,40}[\\"'\]\)]{0,4}[ \t]{0,40}(?:=>|=|:|,)\s{0,40}[$@]{0,2}\\?"{1,3})[^\s"]{4,}?(?=\\?")""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        MatchTimeout
    )]
    private static partial Regex NamedLiteral();
}
