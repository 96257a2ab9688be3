// Fills a memory until it is killed, and says on standard output what has been confirmed:
//     acceptance <id>     RecordAcceptance returned true
//     file <path> <n>     Flush returned after a Put of the text with the number n
// Meanwhile it writes images, evicts files, attaches parts (a part's blob is its text's hash), and forgets a folder, which writes database and journal anew.
// Usage: CodeComplete.Memory.Writer WORKSPACE DATA-DIRECTORY FIRST-NUMBER [share]
// With `share`, see Sharer.
using CodeComplete.Memory;
using CodeComplete.Memory.Writer;

var options = new MemoryOptions { WorkspaceRoot = args[0], DataDirectory = args[1] };
if (args is [_, _, _, "share"])
{
    Sharer.Run(options, int.Parse(args[2]));
    return;
}

using var memory = ProjectMemory.Open(options);
Console.WriteLine(memory.Message is null ? "open" : "message " + memory.Message);
for (var number = int.Parse(args[2]); ; number++)
{
    var acceptance = new Acceptance
    {
        Path = $"Orders/Order{number}.cs",
        Text = $"Total{number}();",
        Before = "    return order.",
        When = DateTimeOffset.UnixEpoch.AddSeconds(number),
        Kind = AcceptanceKind.Accepted,
    };
    if (memory.RecordAcceptance(acceptance))
    {
        Console.WriteLine($"acceptance {acceptance.Id}");
    }

    // Few files, put again and again with other texts of other lengths: documents are replaced, grow and shrink.
    var path = $"Orders/Kept{number % 20}.cs";
    var lines = Enumerable
        .Range(0, 20 + (number * 37 % 400))
        .Select(line => $"    var subtotal{line} = order.Line{number}.Amount + surcharge{line};");
    memory.Put(path, string.Join('\n', lines));
    var hash = memory.Find(path)!.Hash;
    memory.Local.Parts.Put(PartKinds.Vectors, "encoder", path, hash, hash.ToByteArray());
    memory.Put($"Many/File{number % 150}.cs", $"class Many{number} {{ void Run() {{ Spread(over{number}, files); }} }}");
    if (number % 5 == 0)
    {
        memory.Flush();
        Console.WriteLine($"file {path} {number}");
    }

    var passing = $"Orders/Passing{number % 7}.cs";
    if (number % 14 < 7)
    {
        memory.Put(passing, string.Join('\n', lines.Reverse()));
    }
    else
    {
        memory.Remove(passing);
    }

    if (number % 31 == 0)
    {
        memory.Maintain();
    }

    if (number % 41 == 20)
    {
        // Some of the files have to make room.
        memory.Local.Store.OthersInMemory = () => memory.Options.MemoryBudgetBytes;
        memory.Maintain();
        memory.Local.Store.OthersInMemory = null;
    }

    if (number % 97 == 50)
    {
        memory.Put("Secret/Plan.cs", "class Plan { void Hide() { Bury(treasure, island); } }");
        memory.RecordAcceptance(acceptance with { Id = Guid.NewGuid(), Path = "Secret/Plan.cs" });
        memory.ForgetPath("Secret");
    }
}
