using StreamJsonRpc;

namespace CodeComplete.Server.Transport;

internal enum Admission
{
    Pass,

    /// <summary>Leave the message out, without a word to the client.</summary>
    Drop,

    /// <summary>Answer the request with an error.</summary>
    Reject,

    /// <summary>This was the last message.</summary>
    End,
}

/// <param name="Code">The error code of a rejection.</param>
/// <param name="Message">Its one sentence.</param>
internal readonly record struct Verdict(Admission Admission, int Code = 0, string Message = "");

/// <summary>
/// Decides on each message in the order in which the client sent them, before anything runs: a handler would decide too late, since the
/// next message is read while the handlers of those before may still wait for their turn.
/// </summary>
internal interface IMessageGate
{
    /// <param name="id">Not specified for a notification.</param>
    Verdict Admit(string method, RequestId id);

    /// <summary>An error is about to be written as the answer to this request.</summary>
    void Failing(RequestId id);

    /// <summary>The answer to this request has been written and flushed.</summary>
    void Answered(RequestId id);

    /// <summary>Ends when what the client must still get has been sent. Nothing is read after it.</summary>
    Task LastWordAsync();
}
