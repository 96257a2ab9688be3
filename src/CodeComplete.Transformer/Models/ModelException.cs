namespace CodeComplete.Transformer;

/// <summary>A model folder cannot be used. The message is one sentence that names the file and says what to do.</summary>
public sealed class ModelException : Exception
{
    public ModelException()
        : base("The model folder cannot be used; name another one.") { }

    public ModelException(string message)
        : base(message) { }

    public ModelException(string message, Exception innerException)
        : base(message, innerException) { }
}
