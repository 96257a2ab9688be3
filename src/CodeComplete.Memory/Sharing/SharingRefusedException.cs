namespace CodeComplete.Memory.Sharing;

/// <summary>The owner does not let this process visit; the message says why, in one line, without a full stop.</summary>
internal sealed class SharingRefusedException(string message) : IOException(message);
