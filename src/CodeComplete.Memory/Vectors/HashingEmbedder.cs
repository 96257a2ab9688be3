using System.Numerics.Tensors;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory;

/// <summary>
/// Vectors without a model: each identifier and each part of one adds to, or takes from, a few of 256 numbers that its hash chooses (feature
/// hashing with signs, Weinberger et al. 2009, arXiv 0902.2206), so that dot products are those of the words' own counts, but for noise.
/// It knows words and no meanings.
/// </summary>
public sealed class HashingEmbedder : IEmbedder
{
    /// <summary>Each word is spread over so many numbers: two words that share one of them are still told apart by the others.</summary>
    private const int Spread = 4;

    /// <summary>A part says less than a whole name, but finds <c>invoiceLines</c> where <c>InvoiceLine</c> is meant.</summary>
    private const float PartWeight = 0.6f;

    private const ulong NameSeed = 0xcbf29ce484222325;
    private const ulong PartSeed = 0x9ae16a3b2f90404f;

    public string Id => "lexical-hashing-1";

    public int Dimensions => 256;

    public bool IsLexical => true;

    public void Embed(IReadOnlyList<string> texts, EmbeddedKind kind, Span<float> vectors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, texts.Count * Dimensions, nameof(vectors));
        var words = new Dictionary<(string Word, bool IsPart), int>();
        for (var i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Embed(texts[i], vectors.Slice(i * Dimensions, Dimensions), words);
        }
    }

    private static void Embed(string text, Span<float> vector, Dictionary<(string Word, bool IsPart), int> words)
    {
        words.Clear();
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (!SnippetCutter.Counts(scanner.Current))
            {
                continue;
            }

            var name = scanner.Current.ToString();
            Count(name, isPart: false);
            foreach (var part in NameParts.Of(name))
            {
                Count(part, isPart: true);
            }
        }

        vector.Clear();
        foreach (var ((word, isPart), count) in words)
        {
            // The tenth time says less than the first.
            var weight = (isPart ? PartWeight : 1) * (1 + MathF.Log(count));
            var hash = Hash(word, isPart ? PartSeed : NameSeed);
            for (var i = 0; i < Spread; i++, hash >>= 9)
            {
                vector[(int)(hash & 255)] += (hash & 256) == 0 ? weight : -weight;
            }
        }

        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        void Count(string word, bool isPart) => words[(word, isPart)] = words.GetValueOrDefault((word, isPart)) + 1;
    }

    /// <summary>FNV-1a over the characters, and MurmurHash3's finaliser, since FNV's high bits of short words are alike.</summary>
    private static ulong Hash(string word, ulong seed)
    {
        var hash = seed;
        foreach (var c in word)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
