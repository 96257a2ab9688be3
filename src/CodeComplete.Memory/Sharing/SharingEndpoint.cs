using System.ComponentModel;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;

namespace CodeComplete.Memory.Sharing;

/// <summary>
/// Where the owner of a memory is asked: a named pipe of this machine and this user. On Unix .NET makes it a domain socket, which lies in the
/// memory's own folder where its path is short enough: whoever finds the memory finds its owner, whatever its temporary folder is. Both sides make sure that the other
/// one runs as the same user (<see cref="PipeOptions.CurrentUserOnly"/>), so that not even a socket in a common folder lets others in.
/// </summary>
internal sealed class SharingEndpoint
{
    // A socket's path has at most 103 bytes on macOS and 107 on Linux.
    private const int LongestSocketPath = 100;

    private SharingEndpoint(string pipe) => Pipe = pipe;

    /// <summary>The pipe's name; on Unix, the full path of the socket.</summary>
    public string Pipe { get; }

    /// <param name="folder">The memory's folder, absolute.</param>
    public static SharingEndpoint Of(string folder)
    {
        var socket = Path.Combine(folder, "owner.sock");
        if (!OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(socket) <= LongestSocketPath)
        {
            return new SharingEndpoint(socket);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(WorkspacePath.IgnoresCase ? folder.ToUpperInvariant() : folder));
        var name = "codecomplete-" + Convert.ToHexStringLower(hash.AsSpan(0, 8));
        return new SharingEndpoint(OperatingSystem.IsWindows() ? name : Path.Combine(Path.GetTempPath(), name + ".sock"));
    }

    /// <summary>A pipe for the next client. A socket that a dead owner left behind is replaced, so only the owner may call it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made, or is another user's.</exception>
    public NamedPipeServerStream Listen()
    {
        try
        {
            var pipe = new NamedPipeServerStream(
                Pipe,
                PipeDirection.InOut,
                NamedPipeServerStream.MaxAllowedServerInstances,
                PipeTransmissionMode.Byte,
                PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly
            );
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Pipe, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return pipe;
        }
        catch (Win32Exception exception) // on Unix, the socket's
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>A pipe that is yet to be connected.</summary>
    public NamedPipeClientStream Call() => new(".", Pipe, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
}
