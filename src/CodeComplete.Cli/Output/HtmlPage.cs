using System.Net;

namespace CodeComplete.Cli.Output;

/// <summary>What the pages have in common: no part of one lies elsewhere, and it follows the reader's light or dark.</summary>
internal static class HtmlPage
{
    public const string End = "</body>\n</html>\n";

    private const string Style = """
        :root { color-scheme: light dark; --page: #fcfcfb; --ink: #1b1b1a; --soft: #5f5e5a; --line: #e3e2de; --mark: #2a6fdb; --band: #bcd3f5; --bad: #b3261e; --good: #1b7f4b; }
        @media (prefers-color-scheme: dark) { :root { --page: #1a1a19; --ink: #f2f1ee; --soft: #a9a8a2; --line: #383835; --mark: #6ea8ff; --band: #2c4a78; --bad: #ff8a80; --good: #66cf95; } }
        body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
        p { color: var(--soft); margin: .25rem 0 .75rem; max-width: 48rem; }
        .tiles { display: flex; flex-wrap: wrap; gap: 2.5rem; margin: 1.5rem 0; } .tiles b { display: block; font-size: 1.9rem; font-weight: 600; line-height: 1.2; }
        .tiles span { color: var(--soft); font-size: .85rem; display: block; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .75rem .3rem 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
        th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child, .text { text-align: left; } td small { color: var(--soft); }
        td.code { text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; font: .8rem/1.4 ui-monospace, monospace; min-width: 14rem; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; } svg text.head { fill: var(--ink); font-weight: 600; }
        .grid { stroke: var(--line); } .band { stroke: var(--band); stroke-width: 6; stroke-linecap: round; } .dot, .bar { fill: var(--mark); } .whisker { stroke: var(--mark); stroke-width: 2; }
        summary { cursor: pointer; }
        pre { font: .8rem/1.45 ui-monospace, monospace; margin: .25rem 0 1rem; overflow-x: auto; } pre span { display: block; white-space: pre; }
        label { margin: 0 1rem 0 .35rem; cursor: pointer; } input { accent-color: var(--mark); }
        .shaded span { background: color-mix(in srgb, var(--band) var(--fall, 0%), transparent); } .shaded i { font-style: normal; color: var(--soft); } .attention { display: none; }
        #by-attention:checked ~ .shaded span { background: color-mix(in srgb, var(--band) var(--attention, 0%), transparent); }
        #by-attention:checked ~ .fall, #by-attention:checked ~ .shaded .fall { display: none; } #by-attention:checked ~ div.attention { display: block; } #by-attention:checked ~ .shaded .attention { display: inline; }
        .scale b { display: inline-block; width: 9rem; height: .8rem; margin: 0 .35rem; vertical-align: middle; border: 1px solid var(--line); background: linear-gradient(to right, transparent, var(--band)); }
        """;

    public static string Head(string title) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escaped(title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>

            """;

    public static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
