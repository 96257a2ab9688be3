using System.Globalization;
using System.Text.Json;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>completions SAMPLES [COUNT] [--out FILE]</c>: whole completions of the decoder alone, to be compared with another runtime. SAMPLES: a file of
/// <c>codecomplete dataset</c>. Each of its prompts is completed to the end of the line at a new place, and again with one, two and three of the written
/// tokens typed behind it, as while somebody types; first without drafts, then with. FILE gets the requests with how much was written, for
/// <c>benchmarks/llama.cpp</c>.
/// </summary>
internal static class CompletionsRun
{
    private const int Typed = 3;
    private const int MaxTokens = 32;

    /// <summary>What both runtimes complete. New: nothing but the first tokens stands in the cache. Written: tokens, the end's among them.</summary>
    private sealed record Request(IReadOnlyList<int> Prompt, bool New, int Written);

    private readonly record struct Measured(bool New, Generation Generation)
    {
        public double Milliseconds => Generation.PrefillMilliseconds + Generation.DecodeMilliseconds;
    }

    public static int Run(string file, int count, string? output)
    {
        var samples = File.ReadLines(file)
            .Take(count)
            .Select(static line => JsonSerializer.Deserialize<TrainingSample>(line, EvaluationReport.Json)!)
            .ToList();
        var folder = ModelFolder.Open(Repository.Model);
        var tokenizer = CodeTokenizer.Load(folder);
        using var decoder = Decoder.Load(folder, tokenizer, new DecoderOptions { Provider = "cpu", Threads = 2 });
        decoder.WarmUp();
        Console.WriteLine($"{samples.Count} places, {Typed} more tokens typed at each, {decoder.Graph}, two threads");
        Console.WriteLine(
            "drafts | where | requests | tokens read | tokens written | a completion, ms: p50, p95 | reading, ms a token | writing, ms a token"
        );
        var generator = new Generator(decoder, tokenizer);
        var plain = Complete(generator, samples, null);
        Report("none", plain);
        Report("prompt lookup", Complete(generator, samples, new Drafts(null)));
        if (output is not null)
        {
            var requests = Prompts(samples)
                .Zip(plain, static (request, measured) => new Request(request.Prompt, request.New, measured.Generation.Path.Count));
            File.WriteAllLines(output, requests.Select(static request => JsonSerializer.Serialize(request, EvaluationReport.Json)));
        }

        return 0;
    }

    private static IEnumerable<(IReadOnlyList<int> Prompt, bool New)> Prompts(IEnumerable<TrainingSample> samples) =>
        samples.SelectMany(static sample =>
            Enumerable
                .Range(0, Math.Min(Typed + 1, sample.Middle.Count))
                .Select(typed => ((IReadOnlyList<int>)[.. sample.Prompt, .. sample.Middle.Take(typed)], typed == 0))
        );

    private static List<Measured> Complete(Generator generator, IEnumerable<TrainingSample> samples, Drafts? drafts) =>
        [
            .. Prompts(samples)
                .Select(request => new Measured(
                    request.New,
                    generator.Generate(
                        new GenerationRequest
                        {
                            Prompt = request.Prompt,
                            Drafts = drafts,
                            MaxTokens = MaxTokens,
                        },
                        CancellationToken.None
                    )
                )),
        ];

    private static void Report(string drafts, List<Measured> all)
    {
        foreach (var place in all.GroupBy(static measured => measured.New))
        {
            var milliseconds = place.Select(static measured => measured.Milliseconds).ToList();
            var read = place.Sum(static measured => measured.Generation.PromptTokens - measured.Generation.ReusedTokens);
            var written = place.Sum(static measured => measured.Generation.Path.Count);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{drafts} | {(place.Key ? "a new place" : "typed on")} | {milliseconds.Count} | {read} | {written} | "
                        + $"{Percentile.Of(milliseconds, 0.5):0}, {Percentile.Of(milliseconds, 0.95):0} | "
                        + $"{place.Sum(static measured => measured.Generation.PrefillMilliseconds) / read:0.000} | "
                        + $"{place.Sum(static measured => measured.Generation.DecodeMilliseconds) / written:0.00}"
                )
            );
        }
    }
}
