using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.Cursor;

/// <summary>
/// <c>codecomplete/cursor</c>, ours: where the cursor has come to rest without a key. LSP has no word for it; a client that sends it finds the place read
/// when its user begins to type.
/// </summary>
internal sealed class CursorHandler(Session session)
{
    public const string Method = "codecomplete/cursor";

    [LspMethod(Method)]
    public void Rests(TextDocumentPositionParams parameters)
    {
        if (session.Documents.Find(parameters.TextDocument.Uri) is { } key)
        {
            session.Engine.CursorRests(key, session.Documents.PlacesOf(key).ToEngine(parameters.Position));
        }
    }
}
