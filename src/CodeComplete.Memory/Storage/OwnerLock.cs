namespace CodeComplete.Memory.Storage;

/// <summary>
/// Makes one process the owner of a memory. A lock file of our own, because LiteDB's opening of its file is no lock on Linux. The system lets
/// go of it when the process dies, however that happens; the file itself stays, since deleting it would let two owners in.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _file;

    private OwnerLock(FileStream file) => _file = file;

    /// <returns><see langword="null"/> where another process, or another memory in this one, is the owner.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be made.</exception>
    public static OwnerLock? TryTake(string path)
    {
        try
        {
            return new OwnerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>Did opening a file fail because someone else has it open?</summary>
    public static bool IsHeld(IOException exception) =>
        exception.GetType() == typeof(IOException)
        && exception.HResult
            == (
                OperatingSystem.IsWindows() ? WindowsSharingViolation
                : OperatingSystem.IsMacOS() ? MacWouldBlock
                : LinuxWouldBlock
            );

    public void Dispose() => _file.Dispose();
}
