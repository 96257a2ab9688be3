using System.Text.Json;
using CodeComplete.Engine;

namespace CodeComplete.Benchmarks;

/// <summary>One edit of a session at the keyboard; a file of them, one JSON object a line, can be typed again by <see cref="PaceRun"/>.</summary>
/// <param name="At">Milliseconds since the session began.</param>
/// <param name="File">Relative to the folder, with <c>/</c>.</param>
/// <param name="Line">From 0: where the edit begins.</param>
/// <param name="Character">In UTF-16 units, from 0.</param>
/// <param name="Removed">So many UTF-16 units of that line go.</param>
/// <param name="Text">What comes instead.</param>
/// <param name="Cursor">How many units of <paramref name="Text"/> stand before the cursor then: an editor closes brackets behind it.</param>
internal sealed record Keystroke(int At, string File, int Line, int Character, int Removed, string Text, int Cursor)
{
    /// <summary>Whether an editor asks for the list behind it: after a dot, and where a word begins.</summary>
    public bool OpensList { get; init; }

    public Position Behind => new(Line, Character + Cursor);

    public DocumentEdit Edit => new(new TextRange(new Position(Line, Character), new Position(Line, Character + Removed)), Text);

    /// <summary>The text with the edit made.</summary>
    public string In(string text)
    {
        var start = 0;
        for (var line = 0; line < Line; line++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        return text[..(start + Character)] + Text + text[(start + Character + Removed)..];
    }

    public static IReadOnlyList<Keystroke> Read(string path) =>
        [.. System.IO.File.ReadLines(path).Select(static line => JsonSerializer.Deserialize<Keystroke>(line, JsonSerializerOptions.Web)!)];

    public static void Write(string path, IEnumerable<Keystroke> keys) =>
        System.IO.File.WriteAllLines(path, keys.Select(static key => JsonSerializer.Serialize(key, JsonSerializerOptions.Web)));

    /// <summary>
    /// Lines of a folder's own code as somebody types them: the line is taken out, then comes key by key. The time between two keys is log-normal around
    /// 160 ms; before a line, and sometimes after a word, there is a thought.
    /// </summary>
    public static IEnumerable<Keystroke> Typing(string root, int lines, int seed)
    {
        var random = new Random(seed);
        var clock = 0.0;
        foreach (var (path, text, line) in ReplayRun.Draw(root, lines, seed))
        {
            var file = Path.GetRelativePath(root, path).Replace('\\', '/');
            var start = line.Start.Value;
            var wanted = text[line];
            var row = text.AsSpan(0, start).Count('\n');
            var column = start - (text.AsSpan(0, start).LastIndexOf('\n') + 1);
            yield return new Keystroke((int)clock, file, row, column, wanted.Length, "", 0);
            clock += Thought(1200);
            var closers = new Stack<char>();
            foreach (var (at, key) in wanted.Index())
            {
                clock += Math.Clamp(160 * Math.Exp(0.45 * Normal()), 40, 1500);
                if (at > 0 && wanted[at - 1] is ' ' or ',' or '(' && random.NextDouble() < 0.15)
                {
                    clock += Thought(500);
                }

                var isTypedOver = closers.Count > 0 && closers.Peek() == key;
                var closer = isTypedOver ? null : ReplayRun.Closer(key);
                if (isTypedOver)
                {
                    closers.Pop();
                }

                if (closer is { } pushed)
                {
                    closers.Push(pushed);
                }

                yield return new Keystroke((int)clock, file, row, column + at, isTypedOver ? 1 : 0, $"{key}{closer}", 1)
                {
                    OpensList = key == '.' || char.IsLetter(key) && (at == 0 || !char.IsLetterOrDigit(wanted[at - 1])),
                };
            }

            clock += Thought(900);
        }

        double Thought(double milliseconds) => milliseconds * (0.5 + random.NextDouble());

        // Box and Muller.
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
