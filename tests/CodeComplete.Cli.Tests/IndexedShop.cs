using System.Text;
using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary>A small workspace that <c>codecomplete index</c> has read, and the commands on it. Whoever only looks can share one.</summary>
public sealed class IndexedShop : IAsyncLifetime
{
    /// <summary>A name that stands in two of its three files.</summary>
    public const string Word = "ZanzibarTariff";

    private readonly TemporaryFolder _folder = new();

    public IndexedShop()
    {
        Workspace = Path.Combine(_folder.Path, "Shop");
        _folder.Write(
            "Shop/Shop.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"
        );
        _folder.Write(
            "Shop/Orders/Order.cs",
            """
            namespace Shop.Orders;

            public class Order
            {
                public decimal Postage(Customs customs)
                {
                    return customs.ZanzibarTariff * Weight;
                }

                public decimal Weight { get; set; }
            }
            """
        );
        _folder.Write("Shop/Customs.cs", "namespace Shop;\n\npublic record Customs(decimal ZanzibarTariff, decimal Duty);\n");
        _folder.Write("Shop/Invoice.cs", "namespace Shop;\n\npublic record Invoice(decimal Duty, string Payer);\n");
    }

    public string Workspace { get; }

    public string Data => Path.Combine(_folder.Path, "data");

    /// <summary>A folder without a model.</summary>
    public string NoModel => Path.Combine(_folder.Path, "none");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output, _) = await RunAsync("index", Workspace);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("3 files, ", output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>How many files the memory says it holds.</summary>
    public async Task<int> FilesAsync()
    {
        var (_, output, _) = await RunAsync("memory", "stats", Workspace, "--json");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("files").GetInt32();
    }

    /// <summary>In any file of the data folder, in whatever case.</summary>
    public bool StandsInData(string word) =>
        Directory
            .EnumerateFiles(Data, "*", SearchOption.AllDirectories)
            .Any(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(word, StringComparison.OrdinalIgnoreCase));

    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        Product.RunAsync([.. arguments, "--data-dir", Data], Cancellation);
}
