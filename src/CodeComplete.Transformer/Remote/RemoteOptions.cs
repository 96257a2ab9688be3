namespace CodeComplete.Transformer;

/// <summary>Which server writes, and how long it is waited for.</summary>
public sealed record RemoteOptions
{
    private const string Route = "completions";

    /// <summary>As the user gave it: the server (<c>http://localhost:8000</c>), its <c>/v1</c>, or its whole <c>/v1/completions</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The environment variable that holds the key; <see langword="null"/> to send none.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>An answer that takes longer is of no use to somebody who types.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After a failure the server is left alone for so long.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of <see cref="Pause"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a text can be <see cref="Url"/>: http or https, and without a password, which would end in logs.</summary>
    public static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0;

    /// <exception cref="RemoteException">It is none.</exception>
    internal Uri Address()
    {
        if (!IsUrl(Url))
        {
            throw new RemoteException(
                "The setting 'remote.url' is no address of a server: give one like http://localhost:8000, without user name and password."
            );
        }

        var address = new UriBuilder(Url) { Fragment = "" };
        var path = address.Path.TrimEnd('/');
        address.Path =
            path.EndsWith('/' + Route, StringComparison.Ordinal) ? path
            : path.EndsWith("/v1", StringComparison.Ordinal) ? $"{path}/{Route}"
            : $"{path}/v1/{Route}";
        return address.Uri;
    }
}
