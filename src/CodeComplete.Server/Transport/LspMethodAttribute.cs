namespace CodeComplete.Server.Transport;

/// <summary>The LSP method that a handler's method answers. It takes the params as one object, and a token if it can be cancelled.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LspMethodAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
