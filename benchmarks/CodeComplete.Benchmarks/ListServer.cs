using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>What a server needed from its process's start on, and what it holds then.</summary>
/// <param name="Useful">Milliseconds until a list held the written name; <see langword="null"/> where none did.</param>
/// <param name="Complete">Milliseconds until the list was the one that it stayed.</param>
/// <param name="Megabytes">Resident, of the server's own process.</param>
/// <param name="ChildMegabytes">Resident, of the processes that it has started and that still run.</param>
internal sealed record ListStart(double? Useful, double Complete, int Items, long Megabytes, long ChildMegabytes);

/// <summary>A language server over stdio, asked for lists as an editor asks that can do what VS Code can.</summary>
internal sealed class ListServer(string name, LspClient client, long began) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(200);

    // So long a list must stay as it is to be the last.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestNoise = TimeSpan.FromSeconds(2);
    private const double QuietShare = 0.1;

    private ListPlace? _place;

    public string Name => name;

    public static ListServer Start(string name, string program, IReadOnlyList<string> arguments)
    {
        var began = Stopwatch.GetTimestamp();
        return new ListServer(name, LspClient.Spawn(program, arguments), began);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>Initializes, opens a place's document, and asks until the list stays the same.</summary>
    /// <param name="untilUseful">A list without the written name is not the last, however long it stays.</param>
    public async Task<ListStart> BeginAsync(string root, ListPlace place, bool untilUseful = false)
    {
        await client.InitializeAsync(root, capabilities: Capabilities());
        await EnterAsync(place);
        var (useful, complete, last, changed) = ((double?)null, 0.0, "", Stopwatch.GetTimestamp());
        var items = new List<ListAnswerItem>();
        while (
            Stopwatch.GetElapsedTime(began) < LongestStart
            && !(items.Count > 0 && (useful is not null || !untilUseful) && Stopwatch.GetElapsedTime(changed) > Settled)
        )
        {
            items = [.. (await AskAsync()).Items];
            var now = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            useful ??= items.Exists(i => i.Names(place.Written)) ? now : null;
            var keys = string.Join('\n', items.Select(i => i.Key).Order(StringComparer.Ordinal));
            if (keys != last)
            {
                (last, complete, changed) = (keys, now, Stopwatch.GetTimestamp());
            }

            await Task.Delay(BetweenAsks);
        }

        await LeaveAsync();
        client.Server!.Refresh();
        return new ListStart(useful, complete, items.Count, Megabytes(client.Server.WorkingSet64), Megabytes(ChildBytes()));
    }

    public async Task EnterAsync(ListPlace place)
    {
        await LeaveAsync();
        await client.OpenAsync(place.File, place.Text);
        _place = place;
    }

    public async Task LeaveAsync()
    {
        if (_place is { } place)
        {
            await client.CloseAsync(place.File);
            _place = null;
        }
    }

    /// <summary>The list where the document was entered.</summary>
    /// <param name="typed">Typed there first.</param>
    public async Task<ListAnswer> AskAsync(string typed = "")
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = await client.AskAsync(
            "textDocument/completion",
            LspClient.At(_place!.File, _place.Line, _place.Character + typed.Length)
        );
        var took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        var (items, incomplete) = answer["result"] switch
        {
            JsonArray array => (array, false),
            JsonObject list => (list["items"]!.AsArray(), (bool?)list["isIncomplete"] ?? false),
            _ => ([], false),
        };
        var range = answer["result"] is JsonObject whole ? whole["itemDefaults"]?["editRange"] : null;
        return new ListAnswer([.. items.Select(i => new ListAnswerItem(i!.AsObject(), range))], incomplete, took);
    }

    /// <summary>Writes into the document where it was entered.</summary>
    public async Task TypeAsync(int version, string typed) =>
        await client.ChangeAsync(_place!.File, version, _place.Text.Insert(_place.Offset, typed));

    public async Task<ListAnswerItem> ResolveAsync(ListAnswerItem item)
    {
        var answer = await client.AskAsync("completionItem/resolve", item.Json.DeepClone());
        return answer["result"] is JsonObject resolved ? new ListAnswerItem(resolved, item.DefaultRange) : item;
    }

    /// <summary>Waits until the server has nothing to do, or for two seconds.</summary>
    public async Task BeQuietAsync()
    {
        var until = Stopwatch.GetTimestamp();
        var process = client.Server!;
        while (Stopwatch.GetElapsedTime(until) < LongestNoise)
        {
            process.Refresh();
            var (before, at) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(100);
            process.Refresh();
            if (process.TotalProcessorTime - before < Stopwatch.GetElapsedTime(at) * QuietShare)
            {
                return;
            }
        }
    }

    private static long Megabytes(long bytes) => bytes / 1024 / 1024;

    /// <summary>Linux says of each process who its parent is.</summary>
    private long ChildBytes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                {
                    // "id (name) state parent"; the name may hold blanks and parentheses.
                    var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                    parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // Ended meanwhile.
            }
        }

        var ours = new HashSet<int> { client.Server!.Id };
        while (parents.Where(p => ours.Contains(p.Value) && !ours.Contains(p.Key)).Select(p => p.Key).ToList() is { Count: > 0 } more)
        {
            ours.UnionWith(more);
        }

        var bytes = 0L;
        foreach (var id in ours.Where(id => id != client.Server!.Id))
        {
            try
            {
                using var process = Process.GetProcessById(id);
                bytes += process.WorkingSet64;
            }
            catch (ArgumentException)
            {
                // Ended meanwhile.
            }
        }

        return bytes;
    }

    private static JsonObject Capabilities() =>
        JsonNode
            .Parse(
                """
                {
                  "textDocument": {
                    "synchronization": {},
                    "completion": {
                      "contextSupport": true,
                      "completionItem": {
                        "snippetSupport": true,
                        "labelDetailsSupport": true,
                        "commitCharactersSupport": true,
                        "deprecatedSupport": true,
                        "preselectSupport": true,
                        "documentationFormat": ["markdown", "plaintext"],
                        "tagSupport": { "valueSet": [1] },
                        "resolveSupport": { "properties": ["documentation", "detail", "additionalTextEdits"] }
                      },
                      "completionItemKind": { "valueSet": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25] },
                      "completionList": { "itemDefaults": ["commitCharacters", "editRange", "insertTextFormat", "data"] }
                    }
                  },
                  "workspace": { "configuration": true, "workspaceFolders": true },
                  "window": { "workDoneProgress": true }
                }
                """
            )!
            .AsObject();
}

/// <summary>A server's answer, and how long it took until it was read.</summary>
internal sealed record ListAnswer(IReadOnlyList<ListAnswerItem> Items, bool IsIncomplete, double Milliseconds);

/// <summary>An item as it was sent.</summary>
/// <param name="DefaultRange">The list's, for an item that has none of its own.</param>
internal sealed record ListAnswerItem(JsonObject Json, JsonNode? DefaultRange)
{
    private const string Star = "★ ";

    private static readonly SearchValues<char> NameEnds = SearchValues.Create("<(: {=\"\r\n;");

    public string Label { get; } =
        ((string)Json["label"]!) is var label && label.StartsWith(Star, StringComparison.Ordinal)
            ? label[Star.Length..]
            : (string)Json["label"]!;

    /// <summary>What tells items of a list apart: the name, what stands right behind it, and the namespace.</summary>
    public string Key => KeyOf(Label, (string?)Json["labelDetails"]?["detail"], (string?)Json["labelDetails"]?["description"]);

    public bool IsStarred => ((string)Json["label"]!).StartsWith(Star, StringComparison.Ordinal);

    public bool IsSnippet => (int?)Json["kind"] == 15;

    public string SortText => (string?)Json["sortText"] ?? Label;

    public static string KeyOf(string label, string? suffix, string? description) => $"{label}\t{suffix}\t{description}";

    /// <summary>Whether the item is of this name, whatever it shows or writes behind it.</summary>
    public bool Names(string written) =>
        new[] { Label, (string?)Json["filterText"], Text }.Any(text => text is not null && NameIn(text) == written);

    /// <summary>The name at a text's start.</summary>
    public static string NameIn(string text)
    {
        var end = text.AsSpan().IndexOfAny(NameEnds);
        return end < 0 ? text : text[..end];
    }

    /// <summary>The document after this item was taken.</summary>
    public string Take(string document)
    {
        var edit = Json["textEdit"];
        var range = edit?["range"] ?? edit?["replace"] ?? DefaultRange?["replace"] ?? DefaultRange;
        // Where the cursor ends is no part of the text.
        var written =
            (int?)Json["insertTextFormat"] == 2
                ? Text.Replace("$0", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)
                : Text;
        var edits = new List<(int Start, int End, string Text)> { Edit(range!, written) };
        edits.AddRange((Json["additionalTextEdits"]?.AsArray() ?? []).Select(e => Edit(e!["range"]!, (string)e["newText"]!)));
        foreach (var (start, end, text) in edits.OrderByDescending(e => e.Start).ThenByDescending(e => e.End))
        {
            document = document.Remove(start, end - start).Insert(start, text);
        }

        return document;

        (int, int, string) Edit(JsonNode at, string text) => (Offset(at["start"]!), Offset(at["end"]!), text);

        int Offset(JsonNode at)
        {
            var start = 0;
            for (var line = (int)at["line"]!; line > 0; line--)
            {
                start = document.IndexOf('\n', start) + 1;
            }

            return start + (int)at["character"]!;
        }
    }

    private string Text => (string?)Json["textEdit"]?["newText"] ?? (string?)Json["textEditText"] ?? (string?)Json["insertText"] ?? Label;
}
