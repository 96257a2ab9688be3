using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using CodeComplete.Transformer;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>perplexity MODEL[,MODEL...] SAMPLES</c>: what model folders give the next tokens of code they never saw, called as the product calls them: the
/// prompt in chunks, then what has to be written in calls of several rows, as drafts are. SAMPLES: what <c>models/training/held_out.py write</c> wrote. The
/// first model is what the others are compared with.
/// </summary>
internal static class PerplexityRun
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Read: the first so many ids are snippets and suffix. Middle: the last so many are what has to be written.</summary>
    private sealed record Sample(string Kind, int[] Ids, int Read, int Middle);

    /// <summary>Nats of the tokens of one sample, and how many they are.</summary>
    private readonly record struct Loss(double All, int Tokens, double Middle, int MiddleTokens)
    {
        public static Loss operator +(Loss a, Loss b) =>
            new(a.All + b.All, a.Tokens + b.Tokens, a.Middle + b.Middle, a.MiddleTokens + b.MiddleTokens);
    }

    public static int Run(IReadOnlyList<string> models, string file)
    {
        var samples = File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Sample>(line, Options)!).ToList();
        Console.WriteLine(
            $"{samples.Count} samples of {samples.Sum(s => s.Ids.Length):N0} tokens; perplexity, and times that of the first model"
        );
        Console.WriteLine("model | graph | kind | file above the cursor and line | the line alone | tokens of both | s");
        var first = new Dictionary<string, Loss>(StringComparer.Ordinal);
        foreach (var model in models)
        {
            var folder = ModelFolder.Open(model);
            using var decoder = Decoder.Load(folder, CodeTokenizer.Load(folder), new DecoderOptions { Provider = "cpu", Threads = 2 });
            foreach (var kind in samples.GroupBy(s => s.Kind, StringComparer.Ordinal))
            {
                var began = Stopwatch.GetTimestamp();
                var loss = kind.Aggregate(default(Loss), (sum, sample) => sum + LossOf(decoder, sample));
                first.TryAdd(kind.Key, loss);
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Path.GetFileName(model.TrimEnd('/'))} | {decoder.Graph} | {kind.Key} | "
                            + $"{Perplexity(loss.All, loss.Tokens, first[kind.Key].All)} | "
                            + $"{Perplexity(loss.Middle, loss.MiddleTokens, first[kind.Key].Middle)} | "
                            + $"{loss.Tokens} | {Stopwatch.GetElapsedTime(began).TotalSeconds:0}"
                    )
                );
            }
        }

        return 0;
    }

    private static string Perplexity(double nats, int tokens, double firstNats) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(nats / tokens):0.000} ({Math.Exp((nats - firstNats) / tokens):0.000})");

    private static Loss LossOf(Decoder decoder, Sample sample)
    {
        decoder.TakeBack(0);
        var middle = sample.Ids.Length - sample.Middle;
        double all = 0,
            last = 0;
        // The row of a token's logits is that of the token before it.
        decoder.Read(sample.Ids.AsSpan(0, sample.Read - 1), 1, CancellationToken.None);
        for (var at = sample.Read - 1; at < sample.Ids.Length - 1; )
        {
            // A call ends where the middle begins.
            var end = Math.Min(at + Decoder.ChunkSize, at < middle - 1 ? middle - 1 : sample.Ids.Length - 1);
            var logits = decoder.Read(sample.Ids.AsSpan(at, end - at), end - at, CancellationToken.None);
            for (var i = 0; at < end; i++, at++)
            {
                var nats = Nats(logits[i], sample.Ids[at + 1]);
                all += nats;
                last += at + 1 >= middle ? nats : 0;
            }
        }

        return new Loss(all, sample.Ids.Length - sample.Read, last, sample.Middle);
    }

    private static double Nats(ReadOnlySpan<float> row, int token)
    {
        var most = TensorPrimitives.Max(row);
        var sum = 0.0;
        foreach (var logit in row)
        {
            sum += Math.Exp(logit - most);
        }

        return Math.Log(sum) + most - row[token];
    }
}
