using System.Text.Json;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.Lifecycle;

/// <summary><c>shutdown</c>: the answer means that everything is saved. (<c>exit</c> is handled where messages are read.)</summary>
internal sealed class ShutdownHandler(Session session)
{
    [LspMethod("shutdown")]
    public async Task ShutdownAsync(JsonElement parameters) => await session.EndAsync();
}
