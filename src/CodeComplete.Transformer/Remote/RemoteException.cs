namespace CodeComplete.Transformer;

/// <summary>
/// The remote engine cannot be used. The message is one sentence that names its address and says what to do; neither the key nor what was
/// sent or received is in it.
/// </summary>
public sealed class RemoteException : Exception
{
    public RemoteException()
        : base("The remote engine cannot be used; check remote.url.") { }

    public RemoteException(string message)
        : base(message) { }

    public RemoteException(string message, Exception innerException)
        : base(message, innerException) { }
}
