using System.Diagnostics;
using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>
/// Lets a server write: vLLM, llama.cpp, TGI or another that has OpenAI's <c>/v1/completions</c>. It gets the prompt as text, special
/// tokens by their names, with what was typed where it stands; so nothing is healed, and neither guides nor drafts reach it. Safe for any
/// number of callers.
/// </summary>
public sealed class RemoteGenerator : IGenerator, IDisposable
{
    /// <summary>Some servers take no more.</summary>
    private const int MostStops = 4;

    private readonly RemoteOptions _options;
    private readonly CodeTokenizer _tokenizer;
    private readonly PromptFormat _format;
    private readonly CompletionServer _server;
    private readonly Lock _gate = new();
    private (long At, string Message)? _failure;

    /// <param name="tokenizer">That of <paramref name="format"/>'s folder.</param>
    /// <exception cref="RemoteException">The address is none.</exception>
    public RemoteGenerator(RemoteOptions options, CodeTokenizer tokenizer, PromptFormat format)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(format);
        _options = options;
        _tokenizer = tokenizer;
        _format = format;
        _server = new CompletionServer(options);
    }

    /// <summary>The server's address, without what could be secret in it.</summary>
    public string Address => _server.Name;

    public bool IsGuided => false;

    /// <inheritdoc/>
    /// <remarks>After a failure the same is said for <see cref="RemoteOptions.Pause"/> without asking the server.</remarks>
    public async Task<Generation> GenerateAsync(GenerationRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count, nameof(request));
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_failure is { } failure && _options.Time.GetElapsedTime(failure.At) < _options.Pause)
            {
                throw new RemoteException(failure.Message);
            }
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _server.AskAsync(Json(request), cancellation).ConfigureAwait(false);
            var generation = Read(answer.RootElement, request) with
            {
                DecodeMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            };
            lock (_gate)
            {
                _failure = null;
            }

            return generation;
        }
        catch (RemoteException e)
        {
            lock (_gate)
            {
                _failure = (_options.Time.GetTimestamp(), e.Message);
            }

            throw;
        }
    }

    public void Dispose() => _server.Dispose();

    private byte[] Json(GenerationRequest request)
    {
        var prefixEnd = request.PrefixEnd ?? request.Prompt.Count;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (_format.Remote.Model is { } model)
            {
                json.WriteString("model", model);
            }

            if (_format.Remote.SendsSuffix)
            {
                json.WriteString("prompt", _tokenizer.Decode(Prefix(request.Prompt, prefixEnd)) + request.Typed);
                json.WriteString("suffix", _tokenizer.Decode(Suffix(request.Prompt)));
            }
            else
            {
                json.WriteString(
                    "prompt",
                    _tokenizer.DecodeWithSpecials(request.Prompt.Take(prefixEnd))
                        + request.Typed
                        + _tokenizer.DecodeWithSpecials(request.Prompt.Skip(prefixEnd))
                );
            }

            json.WriteNumber("max_tokens", request.MaxTokens);
            json.WriteNumber("temperature", 0);
            json.WriteNumber("logprobs", 1);
            json.WriteBoolean("stream", false);
            json.WriteStartArray("stop");
            foreach (var stop in request.Stop.Texts.Concat(_format.Ends).Take(MostStops))
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private IEnumerable<int> Prefix(IReadOnlyList<int> prompt, int end)
    {
        var start = end;
        while (start > 0 && !_tokenizer.IsSpecial(prompt[start - 1]))
        {
            start--;
        }

        return prompt.Skip(start).Take(end - start);
    }

    private IEnumerable<int> Suffix(IReadOnlyList<int> prompt) =>
        prompt.SkipWhile(id => id != _tokenizer.SuffixToken).Skip(1).TakeWhile(id => !_tokenizer.IsSpecial(id));

    /// <exception cref="RemoteException">It is no completion.</exception>
    private Generation Read(JsonElement answer, GenerationRequest request)
    {
        if (
            answer.ValueKind != JsonValueKind.Object
            || !answer.TryGetProperty("choices", out var choices)
            || choices.ValueKind != JsonValueKind.Array
            || choices.GetArrayLength() == 0
            || choices[0] is not { ValueKind: JsonValueKind.Object } choice
            || !choice.TryGetProperty("text", out var value)
            || value.ValueKind != JsonValueKind.String
        )
        {
            throw _server.NoCompletion();
        }

        var text = value.GetString()!;
        // Servers that were not told all ends may write them out.
        var length = _tokenizer.IndexOfSpecial(text);
        var cut =
            choice.TryGetProperty("finish_reason", out var finish)
            && finish.ValueKind == JsonValueKind.String
            && finish.ValueEquals("length");
        var reason = cut && length == text.Length ? EndReason.MaxTokens : EndReason.EndToken;

        // A stop is asked after each token here, and may look at the end alone.
        for (var at = 1; at <= length; at++)
        {
            if (request.Stop.End(request.Typed + text[..at]) is { } end)
            {
                (length, reason) = (Math.Clamp(end - request.Typed.Length, 0, at), EndReason.Stop);
                break;
            }
        }

        return new Generation
        {
            Text = text[..length],
            Tokens = Tokens(choice, length),
            Reason = reason,
            PromptTokens = request.Prompt.Count,
            ReusedTokens = 0,
            Calls = 1,
            DraftsTaken = 0,
            PrefillMilliseconds = 0,
            DecodeMilliseconds = 0,
        };
    }

    /// <summary>The tokens that wrote the first characters, where the server tells them: in OpenAI's older form, or in the one of its chats.</summary>
    private static List<TokenChoice> Tokens(JsonElement choice, int length)
    {
        var tokens = new List<TokenChoice>();
        if (!choice.TryGetProperty("logprobs", out var told) || told.ValueKind != JsonValueKind.Object)
        {
            return tokens;
        }

        IEnumerable<(string? Text, JsonElement LogProbability)> pairs =
            told.TryGetProperty("tokens", out var texts)
            && told.TryGetProperty("token_logprobs", out var values)
            && texts.ValueKind == JsonValueKind.Array
            && values.ValueKind == JsonValueKind.Array
                ? texts.EnumerateArray().Zip(values.EnumerateArray(), (t, v) => (Text(t), v))
            : told.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
                ? content
                    .EnumerateArray()
                    .Where(c => c.ValueKind == JsonValueKind.Object)
                    .Select(c =>
                        (c.TryGetProperty("token", out var t) ? Text(t) : null, c.TryGetProperty("logprob", out var v) ? v : default)
                    )
            : [];
        var at = 0;
        foreach (var (text, logProbability) in pairs)
        {
            if (at >= length || text is null || logProbability.ValueKind != JsonValueKind.Number)
            {
                break;
            }

            tokens.Add(new TokenChoice(-1, text, Math.Clamp(Math.Exp(logProbability.GetDouble()), 0, 1)));
            at += text.Length;
        }

        return tokens;

        static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
