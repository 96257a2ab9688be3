using System.CommandLine;
using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>--layers FIRST-LAST</c>, from 1, or one of them alone.</summary>
internal static class LayersOption
{
    public static Option<LayerRange?> Create() =>
        new("--layers")
        {
            Description = "Whose attention is shown, from 1; by default the middle third's.",
            HelpName = "FIRST-LAST",
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (TryParse(text, out var range))
                {
                    return range;
                }

                argument.AddError($"--layers '{text}' is no range of layers: write FIRST-LAST, both from 1, as in 11-20.");
                return null;
            },
        };

    private static bool TryParse(string text, out LayerRange range)
    {
        var parts = text.Split('-');
        range =
            parts.Length is 1 or 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= 1
            && last >= first
                ? new LayerRange(first, last)
                : default;
        return range != default;
    }
}
