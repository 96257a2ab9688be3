using System.Text;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Explaining;

/// <summary>What people are shown of the parts' own records.</summary>
internal static class InWords
{
    /// <summary><c>MemberAccess</c> becomes <c>member access</c>.</summary>
    public static string Of(string name)
    {
        var words = new StringBuilder();
        foreach (var c in name)
        {
            words.Append(char.IsUpper(c) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    public static RecalledCode Of(Snippet snippet) =>
        new()
        {
            Path = snippet.Path,
            StartLine = snippet.StartLine,
            Text = snippet.Text,
            Reason = snippet.Reason,
            Score = snippet.Score,
            Sources =
            [
                .. Enum.GetValues<RecallSources>()
                    .Where(source => int.IsPow2((int)source) && snippet.Sources.HasFlag(source))
                    .Select(static source => Of(source.ToString())),
            ],
        };
}
