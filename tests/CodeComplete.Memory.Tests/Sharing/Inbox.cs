using System.Threading.Channels;

namespace CodeComplete.Memory.Tests.Sharing;

/// <summary>Acceptances as they arrive.</summary>
internal sealed class Inbox
{
    private readonly Channel<Acceptance> _arrived = Channel.CreateUnbounded<Acceptance>();

    public void Add(Acceptance acceptance) => _arrived.Writer.TryWrite(acceptance);

    public async Task<Acceptance> NextAsync() => await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
