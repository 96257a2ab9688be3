using System.Globalization;
using System.Text;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Output;

/// <summary>A log in a file of limited size; when it is full, the old one is kept beside it once. It never holds source text.</summary>
internal sealed class LogFile : ILoggerProvider
{
    private const long MostBytes = 4 * 1024 * 1024;
    private const int MostProcesses = 9;

    private readonly Lock _gate = new();
    private readonly string _path;
    private StreamWriter? _writer;

    private LogFile(string path)
    {
        _path = path;
        _writer = Open(path);
        for (var number = 2; _writer is null && number <= MostProcesses; number++)
        {
            _path = Path.ChangeExtension(path, $"{number}{Path.GetExtension(path)}");
            _writer = Open(_path);
        }
    }

    /// <summary><c>logs/codecomplete.log</c> in the data folder; a second process at the same time writes <c>codecomplete.2.log</c>.</summary>
    public static string DefaultPath(string? dataDirectory) =>
        Path.Combine(dataDirectory ?? DataFolder.Default, "logs", "codecomplete.log");

    /// <returns>Logs to <paramref name="path"/>; to nothing where it is <see langword="null"/>.</returns>
    public static ILoggerFactory Create(string? path) =>
        LoggerFactory.Create(builder =>
        {
            if (path is not null)
            {
                builder.AddProvider(new LogFile(path));
            }
        });

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    /// <returns><see langword="null"/> where the file cannot be written: a log is not worth a failure (invariant 5).</returns>
    private static StreamWriter? Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path) && new FileInfo(path).Length > MostBytes)
            {
                File.Move(path, path + ".old", overwrite: true);
            }

            // One process a file: two that append to the same would write over each other. .NET's lock on Unix is advisory, so a person can read it.
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
            return new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, share), new UTF8Encoding(false))
            {
                AutoFlush = true,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            try
            {
                if (_writer is { BaseStream.Length: > MostBytes })
                {
                    _writer.Dispose();
                    _writer = Open(_path);
                }

                _writer?.WriteLine(line);
            }
            catch (IOException)
            {
                _writer = null;
            }
        }
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
                file.Write(
                    $"{time} {logLevel, -11} {category}: {formatter(state, exception)}{(exception is null ? "" : " | " + exception)}"
                );
            }
        }
    }
}
