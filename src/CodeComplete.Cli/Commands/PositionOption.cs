using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>--position LINE:COLUMN</c>, both from 1, as editors show them.</summary>
internal static class PositionOption
{
    public static Option<Position> Create() =>
        new("--position")
        {
            Description = "The cursor, as the editor shows it: both from 1.",
            HelpName = "LINE:COLUMN",
            Required = true,
            CustomParser = Parse,
        };

    private static Position Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var parts = text.Split(':');
        if (parts.Length == 2 && Number(parts[0]) is { } line && Number(parts[1]) is { } column)
        {
            return new Position(line - 1, column - 1);
        }

        result.AddError($"--position '{text}' is no position: write LINE:COLUMN, both from 1, for instance 12:9.");
        return default;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null;
}
