using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

// The one file that may speak to a network, and only to the address that the user names (invariant 4 of docs/ARCHITECTURE.md).
#pragma warning disable RS0030

namespace CodeComplete.Transformer;

/// <summary>
/// An OpenAI-compatible server's <c>/v1/completions</c>: sends a request, gives back the answer's JSON, and makes one sentence of whatever
/// goes wrong.
/// </summary>
internal sealed class CompletionServer : IDisposable
{
    /// <summary>An answer is a line of code and its probabilities.</summary>
    private const int LongestAnswer = 1 << 20;

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly RemoteOptions _options;

    /// <exception cref="RemoteException">The address is none.</exception>
    public CompletionServer(RemoteOptions options)
    {
        _options = options;
        _address = options.Address();
        // What the address is called in messages: a query may hold secrets.
        Name = _address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                // A redirection would send code and key where the user did not say.
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !_address.IsLoopback,
                // A name that moves to another machine is looked up again.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        )
        {
            MaxResponseContentBufferSize = LongestAnswer,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // told apart from a cancel below
        };
    }

    public string Name { get; }

    /// <param name="request">A JSON object.</param>
    /// <exception cref="RemoteException">There is no answer, or it is no JSON.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<JsonDocument> AskAsync(byte[] request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(request) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (Key() is { } key)
            {
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            }

            using var answer = await _client.SendAsync(message, limit.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refused(answer.StatusCode);
            }

            return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false));
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or HttpRequestException
                        {
                            HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse
                        }
            )
        {
            throw NoCompletion(e); // what is longer than LongestAnswer is none either
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RemoteException(
                $"The remote engine at {Name} did not answer within {_options.Timeout.TotalSeconds:0.###} s: see whether it is overloaded, or take remote.url out.",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellation.IsCancellationRequested)
        {
            var why = e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            throw new RemoteException(
                $"The remote engine at {Name} cannot be reached ({why}): start it, mend remote.url, or take it out.",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
    }

    public RemoteException NoCompletion(Exception? why = null)
    {
        var message = $"The remote engine at {Name} answered with what is no completion: is it an OpenAI-compatible server?";
        return why is null ? new RemoteException(message) : new RemoteException(message, why);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Read each time, and kept nowhere.</summary>
    private string? Key()
    {
        if (string.IsNullOrEmpty(_options.KeyEnv))
        {
            return null;
        }

        // The setting itself is not repeated: some write the key there.
        var key = Environment.GetEnvironmentVariable(_options.KeyEnv)?.Trim();
        return string.IsNullOrEmpty(key)
                ? throw new RemoteException(
                    "The environment variable that remote.keyEnv names is not set: set it to the key and start the editor again, or take the setting out."
                )
            : key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? throw new RemoteException(
                    "The environment variable that remote.keyEnv names holds no key: it has blanks or letters beyond ASCII."
                )
            : key;
    }

    // What the server says besides the status may repeat the prompt or a part of the key, so it is not passed on.
    private RemoteException Refused(HttpStatusCode status) =>
        new(
            $"The remote engine at {Name} "
                + status switch
                {
                    HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                        $"refuses the key ({(int)status}): set the environment variable that remote.keyEnv names to one that it takes, and start the editor again.",
                    HttpStatusCode.NotFound =>
                        "has no completions there (404): mend remote.url, or the model's name in prompt.json's 'remote'.",
                    HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
                        $"does not take the request ({(int)status}): see what it logs, and prompt.json's 'remote'.",
                    HttpStatusCode.TooManyRequests => "has too much to do (429): try again later.",
                    >= (HttpStatusCode)300 and < (HttpStatusCode)400 =>
                        $"sends on to another address ({(int)status}), which is not followed: give that one as remote.url.",
                    _ => $"failed ({(int)status}): see what it logs.",
                }
        );
}
