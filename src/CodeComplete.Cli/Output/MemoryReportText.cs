using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>What <c>memory stats</c> prints for a person.</summary>
internal static class MemoryReportText
{
    private const int BarWidth = 20;
    private const double Megabyte = 1024 * 1024;

    public static void Write(TextWriter output, MemoryReport report)
    {
        Row("Workspace", report.Workspace);
        Row("Kept in", report.Folder);
        Row(
            "Owner",
            report.Owner switch
            {
                MemoryOwner.ThisProcess => "this command; no server has it open",
                MemoryOwner.AnotherProcess => "another process, which was asked",
                _ => "none that answers; what follows is what this command has by itself",
            }
        );
        output.WriteLine();
        Row("Files", Count(report.Files) + (report.EvictedFiles > 0 ? $", and {Count(report.EvictedFiles)} that had to make room" : ""));
        Row("Snippets", Count(report.Snippets));
        Row("Vectors", $"{Count(report.Vectors)}, one a snippet when all are made");
        Row("Symbols", $"of {Count(report.SymbolFiles)} files");
        Row("N-grams", report.Ngrams is { } ngrams ? Count(ngrams) : "not read: there is no tokenizer to read them with");
        Row("Words", Count(report.Words));
        Row("Outcomes", $"{Count(report.Outcomes)}, of suggestions taken or refused");
        output.WriteLine();
        Row("On disk", Use(report.Disk));
        Row("", Parts(report.Disk));
        Row("In memory", Use(report.Memory));
        Row("", Parts(report.Memory));

        void Row(string name, string value) => output.WriteLine($"{name, -10} {value}");
    }

    public static string Megabytes(long bytes) => (bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture);

    // [#####...............] 64.0 of 256 MB
    private static string Use(MemoryUse use)
    {
        var share = use.BudgetBytes > 0 ? (double)use.Bytes / use.BudgetBytes : 0;
        var filled = Math.Clamp((int)Math.Ceiling(share * BarWidth), 0, BarWidth);
        var budget = (use.BudgetBytes / Megabyte).ToString("0.#", CultureInfo.InvariantCulture);
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {Megabytes(use.Bytes)} of {budget} MB";
    }

    private static string Parts(MemoryUse use) => string.Join(", ", use.Parts.Select(part => $"{part.Name} {Megabytes(part.Bytes)}"));

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
