namespace CodeComplete.Memory.Writer;

/// <summary>Shares a memory with other processes: records and recalls without a pause until its standard input ends. It says:
///     role ROLE           at the beginning, and whenever it changes
///     acceptance ID       RecordAcceptance returned true
///     recalled COUNT      so many snippets
///     knows COUNT         so many acceptances, of all processes, at the end
/// </summary>
internal static class Sharer
{
    public static void Run(MemoryOptions options, int firstNumber)
    {
        using var memory = ProjectMemory.Open(options);
        memory.OwnershipChanged += () => Console.WriteLine($"role {memory.Role}");
        Console.WriteLine($"role {memory.Role}");
        var end = Task.Run(Console.In.ReadToEnd);
        for (var number = firstNumber; !end.IsCompleted; number++)
        {
            memory.Put($"Orders/Order{number % 20}.cs", $"class Order{number} {{ decimal ComputeTotal() => Lines{number}.Sum(); }}");
            var acceptance = new Acceptance
            {
                Path = "Orders/Order.cs",
                Text = $"Total{number}();",
                Before = "    return order.",
                When = DateTimeOffset.UnixEpoch.AddSeconds(number),
                Kind = AcceptanceKind.Accepted,
            };
            if (memory.RecordAcceptance(acceptance))
            {
                Console.WriteLine($"acceptance {acceptance.Id}");
            }

            var recalled = memory.Recall(new RecallQuery { Text = "ComputeTotal(", Path = "Other.cs" });
            Console.WriteLine($"recalled {recalled.Snippets.Count}");
        }

        Console.WriteLine($"knows {memory.Acceptances().Count}");
    }
}
