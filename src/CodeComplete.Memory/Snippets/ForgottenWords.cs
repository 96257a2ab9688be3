using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Snippets;

/// <summary>
/// The words that must not come back: any text within a line, in whatever case. Only salted hashes of them are kept, in a file of their own, so
/// that neither the list tells them nor a lost database brings them back. A text is searched with a rolling hash (Karp and Rabin, Efficient
/// randomized pattern-matching algorithms, 1987), and what that finds is compared by SHA-256.
/// </summary>
internal sealed partial class ForgottenWords
{
    /// <summary>A shorter one stands in too much of all code, and its hash would tell it.</summary>
    public const int ShortestWord = 3;

    private const uint Base = 0x01000193;

    private readonly string _path;
    private volatile Entry[] _entries;

    /// <exception cref="ArgumentException">It is shorter than three characters, or more than a line.</exception>
    public static void Check(string word)
    {
        if (word.Length < ShortestWord || word.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException(
                $"A word to forget has at least {ShortestWord} characters and no line end, not '{word}'.",
                nameof(word)
            );
        }
    }

    private ForgottenWords(string path, Entry[] entries) => (_path, _entries) = (path, entries);

    /// <summary>Reads the list; a damaged or unreadable one is empty.</summary>
    public static ForgottenWords Load(string path)
    {
        try
        {
            return new ForgottenWords(
                path,
                File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ForgottenJson.Default.EntryArray) ?? [] : []
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return new ForgottenWords(path, []);
        }
    }

    /// <summary>Adds a word, for good where the folder can be written.</summary>
    /// <exception cref="IOException">It is known now, but not on the disk.</exception>
    /// <exception cref="UnauthorizedAccessException">It is known now, but not on the disk.</exception>
    public void Add(string word)
    {
        var folded = Fold(word);
        if (IsIn(folded))
        {
            return;
        }

        var salt = RandomNumberGenerator.GetBytes(16);
        _entries = [.. _entries, new Entry(folded.Length, salt, Print(folded), HashOf(salt, folded))];
        DurableFile.Replace(_path, [JsonSerializer.SerializeToUtf8Bytes(_entries, ForgottenJson.Default.EntryArray)]);
    }

    /// <summary>Does a forgotten word stand in the text?</summary>
    public bool IsIn(string text) => _entries.Length > 0 && Array.Exists(_entries, entry => entry.IsIn(Fold(text)));

    /// <summary>Empties the lines in which a forgotten word stands.</summary>
    /// <param name="text">With lines ended by <c>\n</c>.</param>
    /// <returns>The same text where there is none.</returns>
    public string Clean(string text)
    {
        if (!IsIn(text))
        {
            return text;
        }

        return string.Join('\n', text.Split('\n').Select(line => IsIn(line) ? "" : line));
    }

    private static string Fold(string text) => text.ToUpperInvariant();

    private static uint Print(ReadOnlySpan<char> folded)
    {
        uint print = 0;
        foreach (var letter in folded)
        {
            print = unchecked((print * Base) + letter);
        }

        return print;
    }

    private static byte[] HashOf(byte[] salt, ReadOnlySpan<char> folded)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(folded));
        return hash.GetHashAndReset();
    }

    /// <param name="Length">Of the word, in UTF-16 units.</param>
    /// <param name="Print">Its rolling hash.</param>
    /// <param name="Hash">SHA-256 of the salt and the word.</param>
    private sealed record Entry(int Length, byte[] Salt, uint Print, byte[] Hash)
    {
        public bool IsIn(ReadOnlySpan<char> folded)
        {
            if (Length <= 0 || folded.Length < Length)
            {
                return false;
            }

            uint leading = 1;
            for (var i = 1; i < Length; i++)
            {
                leading = unchecked(leading * Base);
            }

            var print = ForgottenWords.Print(folded[..Length]);
            for (var start = 0; ; start++)
            {
                if (print == Print && HashOf(Salt, folded.Slice(start, Length)).AsSpan().SequenceEqual(Hash))
                {
                    return true;
                }

                if (start + Length == folded.Length)
                {
                    return false;
                }

                print = unchecked(((print - (folded[start] * leading)) * Base) + folded[start + Length]);
            }
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
    [JsonSerializable(typeof(Entry[]))]
    private sealed partial class ForgottenJson : JsonSerializerContext;
}
