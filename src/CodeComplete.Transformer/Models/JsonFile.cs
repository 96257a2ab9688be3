using System.Text.Json;

namespace CodeComplete.Transformer;

/// <summary>One JSON file of a model folder. Whatever is wrong with it becomes a sentence that names the file.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    public JsonElement Root => _document.RootElement;

    public static JsonFile Open(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new ModelException($"'{path}' is missing: copy the whole model folder again, or name another one.");
        }

        try
        {
            using var stream = File.OpenRead(path);
            var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                document.Dispose();
                throw new ModelException($"'{path}' is damaged, it holds no JSON object: copy it again.");
            }

            return new JsonFile(path, document);
        }
        catch (JsonException e)
        {
            throw new ModelException($"'{path}' is damaged, it is not JSON (line {e.LineNumber + 1}): copy it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"'{path}' cannot be read ({e.Message.TrimEnd('.')}): mend its permissions, or copy it again.", e);
        }
    }

    /// <param name="todo">What to do about it: where a person wrote the file, copying it again does not help.</param>
    public ModelException Bad(string what, string todo = "copy it again") => new($"'{Path}' is damaged, {what}: {todo}.");

    public JsonElement Member(string name, JsonValueKind kind, JsonElement? of = null)
    {
        if (!(of ?? Root).TryGetProperty(name, out var value) || value.ValueKind != kind)
        {
            throw Bad($"'{name}' is missing or not {Describe(kind)}");
        }

        return value;
    }

    public int Integer(string name, JsonElement? of = null) =>
        Member(name, JsonValueKind.Number, of).TryGetInt32(out var value) ? value : throw Bad($"'{name}' is not a whole number");

    public int Positive(string name, JsonElement? of = null) =>
        Integer(name, of) is > 0 and var value ? value : throw Bad($"'{name}' must be positive");

    public string Text(string name, JsonElement? of = null) => Member(name, JsonValueKind.String, of).GetString()!;

    public IReadOnlyList<string> Texts(string name, JsonElement? of = null) =>
        [
            .. Member(name, JsonValueKind.Array, of)
                .EnumerateArray()
                .Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Bad($"'{name}' is not a list of texts")),
        ];

    public void Dispose() => _document.Dispose();

    private static string Describe(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Number => "a number",
            JsonValueKind.Object => "an object",
            _ => "a text",
        };
}
