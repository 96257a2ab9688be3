using System.Globalization;
using System.Text;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Cli.Output;

/// <summary>
/// A log in a file of at most 4 MB; when it is full, it goes to <c>.old</c> beside it, over the one before. A file belongs to one process at a
/// time, from its opening to its end: others take the next number.
/// </summary>
internal sealed class LogFile : ILoggerProvider
{
    /// <summary>With its old one a log takes no more than twice this.</summary>
    public const long MostBytes = 4 * 1024 * 1024;
    private const int MostProcesses = 9;

    private readonly Lock _gate = new();
    private readonly string? _path;
    private FileStream? _file;
    private volatile LogLevel _level = LogLevel.Information;

    /// <summary>Where the file cannot be written there is no log: it is not worth a failure (invariant 5).</summary>
    public LogFile(string path)
    {
        for (var number = 1; _file is null && number <= MostProcesses; number++)
        {
            _path = number == 1 ? path : Path.ChangeExtension(path, $"{number}{Path.GetExtension(path)}");
            _file = Open(_path);
        }
    }

    /// <summary>What is written; may change at any time.</summary>
    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <summary><c>logs/codecomplete.log</c> in the data folder; a second process at the same time writes <c>codecomplete.2.log</c>.</summary>
    public static string DefaultPath(string? dataDirectory) =>
        Path.Combine(dataDirectory ?? DataFolder.Default, "logs", "codecomplete.log");

    /// <returns>Logs to <paramref name="path"/>; to nothing where it is <see langword="null"/>.</returns>
    public static ILoggerFactory Create(string? path, LogLevel level) =>
        path is null ? NullLoggerFactory.Instance : new LogFile(path) { Level = level }.CreateFactory();

    /// <summary>Its disposal is this log's.</summary>
    public ILoggerFactory CreateFactory()
    {
        var factory = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        factory.AddProvider(this);
        return factory;
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private static FileStream? Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);

            // .NET's lock on Unix is advisory, so a person can read the file all the same.
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 1);
            file.Seek(0, SeekOrigin.End);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + Environment.NewLine);
        lock (_gate)
        {
            try
            {
                if (_file?.Length + bytes.Length > MostBytes)
                {
                    StartAnew(_file!);
                }

                _file?.Write(bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk: what was not written is lost, and the next line is tried again.
            }
        }
    }

    /// <summary>Copied and emptied, not renamed: so the file and its lock stay this process's.</summary>
    private void StartAnew(FileStream file)
    {
        file.Seek(0, SeekOrigin.Begin);
        using (var old = File.Create(_path + ".old"))
        {
            file.CopyTo(old);
        }

        file.SetLength(0);
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= file.Level && logLevel != LogLevel.None;

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
